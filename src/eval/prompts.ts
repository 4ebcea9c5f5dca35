import {UserError} from '../support/errors.js';

/** The prompt of CLIP itself, for data without a domain. */
export const defaultTemplates = ['a photo of a {}.'] as const;

/** Where the class name goes. */
const gap = '{}';

/** One prompt a class and template, the templates of the first class first. */
export function fillTemplates(templates: readonly string[], names: readonly string[]): string[] {
  return names.flatMap((name) => templates.map((template) => template.replaceAll(gap, () => name)));
}

/**
 * Makes sure that each template has a place for the class name.
 * @throws UserError (usage) naming the first that has none
 */
export function checkTemplates(templates: readonly string[], where: string): void {
  if (templates.length === 0) throw new UserError(`${where}: expected at least one template, got none`);
  const broken = templates.find((template) => !template.includes(gap));
  if (broken !== undefined) {
    throw new UserError(`${where}: expected ${gap} where the class name goes, got ${broken}`, {
      tryThis: '--templates "an aerial photograph of {}."',
    });
  }
}
