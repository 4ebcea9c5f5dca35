import {stat} from 'node:fs/promises';
import {extname} from 'node:path';
import {pngOfSvg} from '../../report/png-of-svg.js';
import {writeFileAtomically} from '../../support/atomic-file.js';
import {UserError} from '../../support/errors.js';

/** A file for a picture that will be drawn. */
export interface PictureFile {
  /** Writes the file, whole or not at all, from an SVG document. */
  write(svg: string): Promise<void>;
}

/**
 * Makes sure that a picture can be written, before any work is done.
 * @param path ends in `.png` or `.svg`
 * @throws UserError for another ending, or when a folder is there
 */
export async function pictureFile(path: string): Promise<PictureFile> {
  const kind = extname(path).toLowerCase();
  if (kind !== '.png' && kind !== '.svg') {
    throw new UserError(`--out: expected a file that ends in .png or .svg, got ${path}`);
  }
  const isFolder = (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
  if (isFolder) throw new UserError(`--out: expected a file, got the folder ${path}`);
  return {write: async (svg) => writeFileAtomically(path, kind === '.svg' ? svg : await pngOfSvg(svg))};
}
