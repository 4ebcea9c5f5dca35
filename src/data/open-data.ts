import {UserError, exitCodes} from '../support/errors.js';
import {dataSet, hashedDataSet} from './data-set.js';
import {domainOf, openDomainCaptions, openDomainImages} from './domain-data.js';
import {loadDomain} from './load-domain.js';
import {lazyMap} from './lazy-array.js';
import {readPool, readSet} from './read-set.js';
import {captionColumns} from './record-fields.js';
import type {CaptionedRow, DataSet, ImageRow} from './rows.js';
import type {Purpose} from './splits.js';

export interface OpenOptions {
  /** A split by name, or `all`. */
  readonly split?: string | undefined;
  /** Which split is taken when none is named: `train` for training (the default), `test` or `val` for evaluation. */
  readonly purpose?: Exclude<Purpose, 'pool'>;
}

/**
 * Opens captioned images: a folder, table or tar (see `stores/` and `layouts/`), or `domain:NAME` for a domain's
 * own data. Images without a caption are left out and counted in `skipped`.
 * @throws UserError (data) when it cannot be read or no image has a caption; (usage) for an unknown split.
 */
export async function openCaptioned(
  path: string,
  {split, purpose = 'training'}: OpenOptions = {},
): Promise<DataSet<CaptionedRow>> {
  const domain = domainOf(path);
  if (domain !== null) return openDomainCaptions(await loadDomain(domain), {split, purpose, origin: path});
  const skip = ({captions}: {readonly captions: readonly string[]}) =>
    captions.length === 0 ? 'no caption' : null;
  const {rows, skipped} = await readSet(path, {split, purpose, skip});
  if (rows.length === 0) {
    const expected = `captions (${captionColumns.join(', ')} in a table)`;
    throw new UserError(`${path}: expected ${expected}, got ${skipped['no caption'] ?? 0} images without`, {
      tryThis: 'name the column: --caption-key COLUMN; or put x.txt beside x.jpg',
      exit: exitCodes.data,
    });
  }
  const captioned = rows.map(({image, captions}) => ({image, captions}));
  return purpose === 'training' ? hashedDataSet(captioned, path, skipped) : dataSet(captioned, path, skipped);
}

/**
 * Opens images alone, from the same places as {@link openCaptioned} and image folders; all splits unless one is
 * named.
 */
export async function openImages(
  path: string,
  {split}: Pick<OpenOptions, 'split'> = {},
): Promise<DataSet<ImageRow>> {
  const domain = domainOf(path);
  if (domain !== null) return openDomainImages(await loadDomain(domain), {split, origin: path});
  const {images, skipped} = await readPool(path, {split});
  if (images.length === 0) {
    throw new UserError(`${path}: expected images, got none`, {exit: exitCodes.data});
  }
  return hashedDataSet(
    lazyMap(images, (image) => ({image})),
    path,
    skipped,
  );
}
