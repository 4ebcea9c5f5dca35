import {fewShotSplit, type FewShotRequest} from '../../data/few-shot-split.js';
import {findWriter} from '../../data/find-writer.js';
import type {SetRow} from '../../data/read-set.js';
import {classOf} from '../../data/row-class.js';
import {canonicalSplit} from '../../data/splits.js';
import {refuseContent} from '../../support/atomic-folder.js';
import {exitCodes, UserError} from '../../support/errors.js';
import {nearestName} from '../../support/nearest-name.js';
import {openForWriting, writtenWithProgress, type ConvertRequest, type WritingProgress} from './convert.js';
import {refuseTable, writeTable} from './row-table.js';
import {writeSet} from './write-set.js';

export interface SplitRequest extends Omit<ConvertRequest, 'to'> {
  /** A format for a folder with copies of the images; undefined: a table that names the images where they lie. */
  readonly to: string | undefined;
  readonly ratio: number | undefined;
  readonly shots: number | undefined;
  readonly stratified: boolean;
  /** The column whose equal values keep rows together. */
  readonly groupKey: string | undefined;
  readonly seed: number;
  /** Names of the split that is chosen and of the rest. */
  readonly names: readonly [chosen: string, rest: string];
}

/** What became of a set. */
export interface SplitReport {
  readonly out: string;
  readonly seed: number;
  readonly parts: readonly {readonly split: string; readonly images: number; readonly classes: number}[];
  /** Classes that have fewer images than shots were asked for. */
  readonly short: readonly string[];
}

/**
 * `train,test` -> the names of the two parts.
 * @throws UserError unless they are two different names
 */
export function splitNames(written: string): SplitRequest['names'] {
  const names = written.split(',').map(canonicalSplit);
  const [chosen, rest] = names;
  const areNames =
    names.length === 2 && names.every((name) => /^[a-z0-9][a-z0-9_-]*$/.test(name) && name !== 'all');
  if (areNames && chosen !== rest) return [chosen!, rest!];
  throw new UserError(`--names: expected two different names such as train,test, got ${written}`);
}

/**
 * Splits a set in two and writes it with the names of the splits.
 * @throws UserError when the set has no classes or groups where they are asked for, or a part would be empty
 */
export async function* splitSet(request: SplitRequest): AsyncGenerator<WritingProgress, SplitReport> {
  const {out, to, names, shardRows} = request;
  const take = wanted(request);
  if (to === undefined) await refuseTable(out);
  else {
    await findWriter(to);
    await refuseContent(out);
  }
  const {rows, keys} = await openForWriting(request);
  const flags = fewShotSplit(splitRows(rows, request), {
    take,
    stratified: request.stratified,
    seed: request.seed,
  });
  const named = rows.map((row, i) => ({...row, split: flags[i] ? names[0] : names[1]}));
  refuseEmpty(named, request);
  if (to === undefined) await writeTable(named, out);
  else
    yield* writtenWithProgress(rows.length, (onRow) =>
      writeSet({rows: named, keys, to, out, shardRows}, onRow),
    );
  return report(named, request);
}

function wanted({ratio, shots}: SplitRequest): FewShotRequest['take'] {
  if ((ratio === undefined) === (shots === undefined)) {
    throw new UserError(
      `data split: expected --ratio or --shots, got ${ratio === undefined ? 'neither' : 'both'}`,
    );
  }
  return shots === undefined ? {ratio: ratio!} : {shots};
}

function splitRows(rows: readonly SetRow[], {from, groupKey, shots, stratified}: SplitRequest) {
  const needsClasses = stratified || shots !== undefined;
  const labelled = rows.filter(({fields}) => classOf(fields) !== null).length;
  if (needsClasses && labelled === 0) {
    throw new UserError(`${from}: expected images with a class, got ${rows.length} without`, {
      exit: exitCodes.data,
      tryThis: 'split without --shots and --stratified: --ratio 0.1',
    });
  }
  if (groupKey !== undefined) refuseUnknownKey(rows, groupKey, from);
  return rows.map(({image, fields}) => {
    const value = groupKey === undefined ? undefined : fields[groupKey];
    // a row without the key is a group of its own
    const group =
      value === undefined || value === null ? `image ${image.id}` : `key ${JSON.stringify(value)}`;
    return {group, label: classOf(fields)};
  });
}

function refuseUnknownKey(rows: readonly SetRow[], key: string, from: string): void {
  const columns = [...new Set(rows.flatMap(({fields}) => Object.keys(fields)))];
  if (columns.includes(key)) return;
  const nearest = nearestName(key, columns);
  const known = columns.length === 0 ? 'none' : columns.join(', ');
  throw new UserError(`${from}: --group-key: expected a column of the set, got ${key} (it has ${known})`, {
    exit: exitCodes.data,
    ...(nearest !== undefined && {tryThis: `--group-key ${nearest}`}),
  });
}

function refuseEmpty(rows: readonly {readonly split: string}[], {from, names}: SplitRequest): void {
  for (const name of names) {
    const count = rows.filter(({split}) => split === name).length;
    if (count > 0) continue;
    throw new UserError(`${from}: expected images in both parts, got none of ${rows.length} in ${name}`, {
      exit: exitCodes.data,
      tryThis: 'another --ratio or --shots',
    });
  }
}

function report(rows: readonly SetRow[], {out, seed, names, shots}: SplitRequest): SplitReport {
  const countOf = (name: string) => {
    const counts = new Map<string, number>();
    for (const {split, fields} of rows) {
      const label = classOf(fields);
      if (split === name && label !== null) counts.set(label, (counts.get(label) ?? 0) + 1);
    }
    return counts;
  };
  const chosen = countOf(names[0]);
  return {
    out,
    seed,
    parts: names.map((split) => ({
      split,
      images: rows.filter((row) => row.split === split).length,
      classes: countOf(split).size,
    })),
    short: shots === undefined ? [] : [...chosen].flatMap(([label, count]) => (count < shots ? [label] : [])),
  };
}
