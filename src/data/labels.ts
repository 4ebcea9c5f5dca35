import {UserError, exitCodes} from '../support/errors.js';
import {dataSet, hashedDataSet} from './data-set.js';
import {domainOf, openDomainLabels} from './domain-data.js';
import type {Fields} from './layout.js';
import {loadDomain} from './load-domain.js';
import {readSet} from './read-set.js';
import {classColumns, classOf} from './row-class.js';
import type {DataSet, ImageRow} from './rows.js';
import type {Purpose} from './splits.js';

/**
 * An image with its class. This module is imported by src/eval and, for methods that learn classes, where training data is
 * opened: nothing else can see a class by mistake.
 */
export interface LabelledRow extends ImageRow {
  /** As the data writes it; a class set of the domain gives it a readable name. */
  readonly label: string;
  /** May be empty. */
  readonly captions: readonly string[];
}

export interface OpenLabelledOptions {
  readonly split?: string | undefined;
  readonly purpose?: Exclude<Purpose, 'pool'>;
}

/**
 * Opens labelled images from the same places as `openCaptioned`, or a folder of one folder per class; for
 * evaluation `test`, else `val`, for training `train`, else everything, unless a split is named. Images without a class
 * are left out and counted.
 * @throws UserError (data) when it cannot be read or no image has a class; (usage) for an unknown split.
 */
export async function openLabelled(
  path: string,
  {split, purpose = 'evaluation'}: OpenLabelledOptions = {},
): Promise<DataSet<LabelledRow>> {
  const domain = domainOf(path);
  if (domain !== null) {
    return dataSet(await openDomainLabels(await loadDomain(domain), {split, purpose, origin: path}), path);
  }
  const skip = ({fields}: {readonly fields: Fields}) => (classOf(fields) === null ? 'no class' : null);
  const {rows, skipped} = await readSet(path, {split, purpose, skip});
  if (rows.length === 0) {
    const expected = `classes (${classColumns.join(' or ')} in a table, or a folder per class)`;
    throw new UserError(`${path}: expected ${expected}, got ${skipped['no class'] ?? 0} images without`, {
      exit: exitCodes.data,
    });
  }
  const labelled = rows.map(({image, captions, fields}) => ({image, captions, label: classOf(fields)!}));
  return purpose === 'training' ? hashedDataSet(labelled, path, skipped) : dataSet(labelled, path, skipped);
}
