import {stat} from 'node:fs/promises';
import {resolve} from 'node:path';
import type {SetRow} from '../../data/read-set.js';
import {classOf} from '../../data/row-class.js';
import {writeFileAtomically} from '../../support/atomic-file.js';
import {exitCodes, UserError} from '../../support/errors.js';

/** @throws UserError when a table cannot be written there */
export async function refuseTable(out: string): Promise<void> {
  if (!out.endsWith('.jsonl')) {
    throw new UserError(`--out: expected a table that ends with .jsonl, got ${out}`, {
      tryThis: 'copy the images into a folder: --to json-lines',
    });
  }
  if ((await stat(out).catch(() => undefined)) !== undefined) {
    throw new UserError(`${out}: expected a new file, got one that is there`, {
      tryThis: 'choose another name',
    });
  }
}

/**
 * Writes a table that names the images where they lie.
 * @throws UserError (data) when images lie in archives: a table cannot name them
 */
export async function writeTable(rows: readonly SetRow[], out: string): Promise<void> {
  const lines = rows.map(({image, captions, split, fields}) => {
    const {part} = image;
    if (part === undefined || part.entry || part.cell) {
      throw new UserError(
        `${image.place}: expected an image file that a table can name, got one in an archive`,
        {
          exit: exitCodes.data,
          tryThis: 'copy the images: --to json-lines (or another format) --out FOLDER',
        },
      );
    }
    const label = classOf(fields);
    const told = {
      ...{file: resolve(part.path), captions},
      ...(split !== null && {split}),
      ...(label !== null && {class: label}),
    };
    return `${JSON.stringify(told)}\n`;
  });
  await writeFileAtomically(out, lines.join(''));
}
