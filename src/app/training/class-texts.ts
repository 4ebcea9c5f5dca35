import {fillTemplates} from '../../eval/prompts.js';
import type {TokenArrays, Tokenizer} from '../../model/tokenizer.js';
import {trimTokens} from '../../model/trim-tokens.js';
import type {Plan} from '../../recipe/plan.js';

export type PlannedClasses = NonNullable<Plan['classes']>;

/** The names of the classes as sentences of their own, for words that are learned before them. */
export function classNameTokens({names}: PlannedClasses, tokenizer: Tokenizer): TokenArrays {
  return trimTokens(tokenizer.encode(names.map((name) => `${name}.`)));
}

/** All prompts of the classes, those of the first class first. */
export function classPrompts({names, templates}: PlannedClasses): string[] {
  return fillTemplates(templates, names);
}

/** All prompts of one class. */
export function promptsOf({labels, names, templates}: PlannedClasses, label: string): string[] {
  return fillTemplates(templates, [names[labels.indexOf(label)]!]);
}
