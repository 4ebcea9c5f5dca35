import {splitKeys} from '../support/column-keys.js';
import {UserError, exitCodes} from '../support/errors.js';
import {readClassNames} from './class-names.js';
import {idIndex} from './id-index.js';
import {rowOrFault, type Fields, type FaultTold} from './layout.js';
import {joinRow, withAdditions, type Additions} from './joined-rows.js';
import {lazyMap} from './lazy-array.js';
import {imageRef, locatedRows, type LocatedRow} from './located-rows.js';
import type {ImageRef} from './rows.js';
import {setParts, type SetPart} from './set-parts.js';
import {chooseSplit, type Purpose} from './splits.js';
import {spool, valuesInMemory, type Spool} from './spool.js';

/** All that a set says about one image. */
export interface SetRow {
  readonly image: ImageRef;
  /** None empty; there may be none at all. */
  readonly captions: readonly string[];
  readonly fields: Fields;
  /** Canonical; null when the set names none. */
  readonly split: string | null;
}

export interface ReadSet {
  readonly rows: readonly SetRow[];
  readonly skipped: Readonly<Record<string, number>>;
}

export interface ReadOptions {
  readonly split: string | undefined;
  readonly purpose: Purpose;
  /** Why a row is left out, or null. Images of such rows may be missing. */
  readonly skip: (row: {readonly captions: readonly string[]; readonly fields: Fields}) => string | null;
  /** Told when images are missing; throws, or lets them be left out. By default it throws. */
  readonly missing?: (missing: MissingFiles, path: string, caveat: string | undefined) => void;
}

/** Images that a table names and that are not there. */
export interface MissingFiles {
  readonly count: number;
  /** The first three, as the table writes them. */
  readonly first: readonly string[];
}

/**
 * Reads a set in any layout from any store: finds the table, joins the rows about one image, looks every image up and
 * takes one split.
 * @throws UserError (data) when the set cannot be read or an image is missing; (usage) for an unknown split.
 */
export function readSet(written: string, options: ReadOptions): Promise<ReadSet> {
  const {path, keys} = splitKeys(written);
  return readParts(setParts(path, {keys, withText: true}), path, options);
}

/** {@link readSet} for parts that are found otherwise. */
export async function readParts(
  parts: AsyncIterable<SetPart>,
  path: string,
  {split, purpose, skip, missing = refuseMissing}: ReadOptions,
): Promise<ReadSet> {
  const rows = spool<LocatedRow>(Infinity);
  const read = await collect(parts, path, {withText: true, rows});
  const wanted = chooseSplit(read.splits, {split, purpose}, path);
  const kept = rows.finish().filter((row) => {
    if (wanted !== null && row.split !== wanted) return false;
    const reason = skip(row);
    if (reason !== null) read.skipped.set(reason, (read.skipped.get(reason) ?? 0) + 1);
    return reason === null;
  });
  if (kept.some(({found}) => found === null)) missing(missingFiles(kept), path, read.caveat);
  return {
    rows: kept
      .filter(({found}) => found !== null)
      .map((row) => {
        const {captions, fields, split: own} = row;
        return {image: imageRef(row), captions, fields, split: own};
      }),
    skipped: Object.fromEntries(read.skipped),
  };
}

/**
 * Reads the images of a set alone. However many they are, they take no memory to speak of: what is known of them lies in
 * a temporary file.
 * @throws UserError as {@link readSet}.
 */
export async function readPool(
  written: string,
  {split}: {readonly split: string | undefined},
): Promise<{readonly images: readonly ImageRef[]; readonly skipped: Readonly<Record<string, number>>}> {
  const {path, keys} = splitKeys(written);
  const rows = spool<LocatedRow>(valuesInMemory);
  // where a split is asked for, the texts beside the images may name it
  const withText = split !== undefined;
  const read = await collect(setParts(path, {keys, withText}), path, {withText, rows});
  const wanted = chooseSplit(read.splits, {split, purpose: 'pool'}, path);
  const all = rows.finish();
  const kept = wanted === null ? all : ofSplit(all, wanted);
  if (read.anyMissing && missingFiles(kept).count > 0) refuseMissing(missingFiles(kept), path, read.caveat);
  return {images: lazyMap(kept, imageRef), skipped: Object.fromEntries(read.skipped)};
}

/** How {@link readEveryRow} reads. */
export interface EveryRowOptions {
  readonly split: string | undefined;
  readonly purpose: Purpose;
  /** Whether captions are looked at. */
  readonly withText: boolean;
  /** Told of each row that cannot be read, which is then left out. */
  readonly onFault: (fault: UserError) => void;
}

/** A set as far as it can be read. */
export interface EveryRow {
  readonly rows: readonly LocatedRow[];
  /** Files that are neither images nor texts about them. */
  readonly otherFiles: number;
}

/**
 * Reads a set as far as it can be read: images may be missing, captions empty or of replacement characters, and rows that
 * make no sense are told of and left out. Any number of rows takes no memory to speak of, but for captions that lie far
 * from the first row about their image.
 * @throws UserError when nothing of it can be read; (usage) for an unknown split
 */
export async function readEveryRow(
  written: string,
  {split, purpose, withText, onFault}: EveryRowOptions,
): Promise<EveryRow> {
  const {path, keys} = splitKeys(written);
  const rows = spool<LocatedRow>(withText ? Infinity : valuesInMemory);
  const read = await collect(
    setParts(path, {keys, withText: withText || split !== undefined, onFault}),
    path,
    {
      ...{withText, rows, onFault},
    },
  );
  const wanted = chooseSplit(read.splits, {split, purpose}, path);
  const otherFiles = read.skipped.get(notAnImage) ?? 0;
  const all = withAdditions(rows.finish(), read.additions);
  return {rows: wanted === null ? all : ofSplit(all, wanted), otherFiles};
}

function ofSplit(rows: readonly LocatedRow[], wanted: string): readonly LocatedRow[] {
  const kept = spool<LocatedRow>();
  for (const row of rows) if (row.split === wanted) kept.add(row);
  return kept.finish();
}

/** The reason for files that are left out. */
const notAnImage = 'not an image';

interface Collected {
  readonly splits: ReadonlySet<string>;
  readonly skipped: Map<string, number>;
  readonly anyMissing: boolean;
  readonly caveat: string | undefined;
  readonly additions: Additions;
}

/** One row an image, in the order of first mention; captions add up, other columns come from the first row. */
async function collect(
  parts: AsyncIterable<SetPart>,
  path: string,
  {withText, rows, onFault}: FaultTold & {readonly withText: boolean; readonly rows: Spool<LocatedRow>},
): Promise<Collected> {
  const splits = new Set<string>();
  const skipped = new Map<string, number>();
  const index = idIndex((row) => rows.at(row).id);
  const additions: Additions = new Map();
  let anyMissing = false;
  let caveat: string | undefined;
  for await (const part of parts) {
    if (part.others > 0) skipped.set(notAnImage, (skipped.get(notAnImage) ?? 0) + part.others);
    caveat ??= part.store.caveat;
    const names = withText ? await readClassNames(part.store) : null;
    for await (const row of locatedRows(part, names)) {
      if (row.split !== null) splits.add(row.split);
      anyMissing ||= row.found === null;
      const known = index.findOrAdd(row.id, rows.length);
      if (known === undefined) rows.add(row);
      else rowOrFault({onFault}, () => joinRow(rows, known, row, {path, additions}));
    }
  }
  return {splits, skipped, anyMissing, caveat, additions};
}

function missingFiles(rows: readonly LocatedRow[]): MissingFiles {
  const first: string[] = [];
  let count = 0;
  for (const {found, file} of rows) {
    if (found !== null) continue;
    count++;
    if (first.length < 3) first.push(file);
  }
  return {count, first};
}

/** `a, b, c, ... (7 in all)`. */
export function missingText({count, first}: MissingFiles): string {
  return first.join(', ') + (count > first.length ? `, ... (${count} in all)` : '');
}

function refuseMissing(missing: MissingFiles, path: string, caveat: string | undefined): never {
  throw new UserError(
    `${path}: expected every image beside the table or in images/, got none for ${missingText(missing)}`,
    {
      tryThis: caveat ?? `fewclip data check '${path}', which lists what is missing`,
      exit: exitCodes.data,
    },
  );
}
