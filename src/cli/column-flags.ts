import {Flags} from '@oclif/core';
import {UserError} from '../support/errors.js';
import {withKeys} from '../support/column-keys.js';

/** Names of columns where a table calls them otherwise, as open_clip's `--csv-img-key` and `--csv-caption-key`. */
export const columnFlags = {
  'img-key': Flags.string({
    helpValue: 'COLUMN',
    description:
      'the column of the table that names or holds the image (default: file, filename, image, ...)',
    helpGroup: 'DATA',
  }),
  'caption-key': Flags.string({
    helpValue: 'COLUMN',
    description: 'the column of the table that holds the caption (default: captions, caption, text, ...)',
    helpGroup: 'DATA',
  }),
};

/**
 * A set with the columns that these flags name.
 * @throws UserError when they are given without a set
 */
export function withColumns(
  set: string | undefined,
  flags: Readonly<Record<string, unknown>>,
  setFlag: string,
): string | undefined {
  const keys = {
    image: flags['img-key'] as string | undefined,
    caption: flags['caption-key'] as string | undefined,
  };
  if (set !== undefined) return withKeys(set, keys);
  const given = keys.image === undefined ? keys.caption : keys.image;
  if (given === undefined) return undefined;
  const flag = keys.image === undefined ? '--caption-key' : '--img-key';
  throw new UserError(`${flag}: expected ${setFlag} PATH beside it, got none`);
}
