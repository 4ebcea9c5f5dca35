import {Args, Flags} from '@oclif/core';

/** A recipe by name or file. */
export const recipeArgument = Args.string({required: true, description: 'a recipe by name, or a file'});

/** Settings in place of what a recipe says. */
export const settingFlag = Flags.string({
  multiple: true,
  multipleNonGreedy: true,
  default: [],
  helpValue: 'KEY=VALUE',
  description: 'a value in place of the recipe’s, as YAML; keys may have dots; may be given several times',
});
