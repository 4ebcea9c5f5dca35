import type {SetToCheck} from '../app/data/checked-sets.js';
import {UserError} from '../support/errors.js';

/**
 * The sets that the options of `data check` and `data stats` name, those to learn from first.
 * @throws UserError when there are none
 */
export function setsToCheck(
  set: string | undefined,
  flags: Readonly<Record<string, unknown>>,
): readonly SetToCheck[] {
  const split = flags['split'] as string | undefined;
  const keys = {
    image: flags['img-key'] as string | undefined,
    caption: flags['caption-key'] as string | undefined,
  };
  const given = (role: SetToCheck['role'], reference: string | undefined, more: Partial<SetToCheck> = {}) =>
    reference === undefined ? [] : [{role, reference, ...more}];
  const sets = [
    ...given('set', set, {split, keys}),
    ...given('captioned', flags['captioned'] as string | undefined, {split, keys}),
    ...given('unpaired', flags['unpaired'] as string | undefined),
    ...((flags['evaluate'] as readonly string[] | undefined) ?? []).flatMap((one) => given('evaluate', one)),
  ];
  if (sets.length > 0) return sets;
  throw new UserError('data: expected a set, got none', {
    tryThis: 'name it: a folder, table or archive, or --captioned PATH --unpaired PATH --evaluate PATH',
  });
}
