import {readEveryRow} from '../../data/read-set.js';
import type {LocatedRow} from '../../data/located-rows.js';
import {partReader} from '../../data/part-reader.js';
import {domainOf} from '../../data/domain-data.js';
import {openEvaluationSet} from '../../eval/evaluation-set.js';
import {setReference} from '../../eval/open-known-set.js';
import {withKeys, type ColumnKeys} from '../../support/column-keys.js';
import {UserError} from '../../support/errors.js';
import {dataReference} from '../data-reference.js';

/** What a set is for: learnt from with or without captions, measured on, or not said. */
export type SetRole = 'set' | 'captioned' | 'unpaired' | 'evaluate';

export interface SetToCheck {
  readonly role: SetRole;
  /** `PATH` or `PATH#split`. */
  readonly reference: string;
  readonly split?: string | undefined;
  readonly keys?: ColumnKeys;
}

/** A set whose rows are read as far as they can be. */
export interface OpenedToCheck {
  readonly role: SetRole;
  readonly path: string;
  /** As it was asked for. */
  readonly split: string | null;
  readonly rows: readonly LocatedRow[];
  readonly otherFiles: number;
  /** Rows, texts and shards that make no sense. */
  readonly faults: readonly string[];
  /** Reads the image of a row that is not missing, by the row's number. */
  readonly read: (row: number) => Promise<Buffer>;
}

const purposes = {set: 'pool', captioned: 'training', unpaired: 'pool', evaluate: 'evaluation'} as const;

/**
 * Reads the rows of a set. A row is met once, whatever lies about it: of a table, a tar or a published set (`set:NAME`).
 * @throws UserError when nothing of it can be read
 */
export async function openToCheck(set: SetToCheck): Promise<OpenedToCheck> {
  const {role, keys = {}} = set;
  const {path: written, split} = dataReference(set.reference, set.split);
  if (domainOf(written) !== null) {
    throw new UserError(`${written}: expected a set on disk, got the data that a domain makes`);
  }
  const named = {role, path: written, split: split ?? null};
  if (setReference(written) !== null) return {...named, ...(await publishedSet(written, split))};
  const faults: string[] = [];
  const {rows, otherFiles} = await readEveryRow(withKeys(written, keys), {
    split,
    purpose: purposes[role],
    withText: role !== 'unpaired',
    onFault: ({message}) => faults.push(message),
  });
  const readPart = partReader();
  return {...named, rows, otherFiles, faults, read: (row) => readPart(rows[row]!.found!.part)};
}

async function publishedSet(path: string, split: string | undefined) {
  const {images, labelled = [], captioned = []} = await openEvaluationSet(path, {split});
  const labels = new Map(labelled.map(({image, label}) => [image, label]));
  const captions = new Map(captioned.map(({image, captions: texts}) => [image, texts]));
  const rows = images.map(({id, place, bytes, part}, i): LocatedRow => {
    const label = labels.get(i);
    return {
      ...{id, file: id, split: null, captions: [...(captions.get(i) ?? [])]},
      fields: label === undefined ? {} : {class: label},
      // images that are made of a binary file have no file of their own
      found: {place, bytes, part: part ?? {path: place}},
    };
  });
  return {rows, otherFiles: 0, faults: [], read: (row: number) => images[row]!.read()};
}
