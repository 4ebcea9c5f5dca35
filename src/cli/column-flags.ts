import {Flags} from '@oclif/core';

/** Names of columns where a table calls them otherwise, as open_clip's `--csv-img-key` and `--csv-caption-key`. */
export const columnFlags = {
  'img-key': Flags.string({
    helpValue: 'COLUMN',
    description:
      'the column of the table that names or holds the image (default: file, filename, image, ...)',
  }),
  'caption-key': Flags.string({
    helpValue: 'COLUMN',
    description: 'the column of the table that holds the caption (default: captions, caption, text, ...)',
  }),
};
