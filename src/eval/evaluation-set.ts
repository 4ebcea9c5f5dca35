import {basename} from 'node:path';
import {openLabelled} from '../data/labels.js';
import {openCaptioned} from '../data/open-data.js';
import type {ImageRef, ImageRow} from '../data/rows.js';
import type {ImageSearchRequest} from './image-search.js';
import type {ClassNames, InstanceSearch, KnownImage} from './known-set.js';
import {openKnownSet, setReference, type SetReference} from './open-known-set.js';
import {splitKeys} from '../support/column-keys.js';
import {exitCodes, UserError} from '../support/errors.js';

/**
 * What can be measured: `zeroshot` needs classes, `retrieval` needs captions, `image-search` classes or a set with searches
 * of its own.
 */
export const tasks = ['zeroshot', 'retrieval', 'both', 'image-search'] as const;
export type Task = (typeof tasks)[number];

/** A held-out set, with labels: read here and nowhere else. Images are numbered by their place in `images`. */
export interface EvaluationSet {
  /** The last part of the path, without extension: `ucm` for `data/ucm.tar`. */
  readonly name: string;
  readonly images: readonly ImageRef[];
  /** Images with a class; undefined when not asked for, or when the data has no classes. */
  readonly labelled?: readonly {readonly image: number; readonly label: string}[];
  /** Images with captions; undefined when not asked for, or when the data has no captions. */
  readonly captioned?: readonly {readonly image: number; readonly captions: readonly string[]}[];
  /** Searches for images of the same thing; undefined when not asked for and not what the set is for. */
  readonly search?: Omit<ImageSearchRequest, 'images'>;
  /** Names and templates of the classes, where the set brings its own. */
  readonly domain?: ClassNames;
}

export interface EvaluationSetOptions {
  /** A split by name, or `all`; undefined: `test`, else `val`, else everything. */
  readonly split?: string | undefined;
  /** Undefined: what the data allows. */
  readonly task?: Task | undefined;
  /** At most this many images, taken evenly from the whole set. */
  readonly limit?: number | undefined;
}

/**
 * Opens held-out data for the tasks asked for.
 * @throws UserError (data) when it cannot be read, or has not what the task needs.
 */
export async function openEvaluationSet(
  path: string,
  {split, task, limit}: EvaluationSetOptions = {},
): Promise<EvaluationSet> {
  const reference = setReference(path);
  const opened = await (reference === null
    ? openPlain(path, {split, task})
    : openKnown(reference, {split, task}, path));
  const {labelled, captioned, instances, domain} = opened;
  const numbers = new Map<string, number>();
  const images: ImageRef[] = [];
  const numberOf = ({image}: ImageRow) => {
    const number = numbers.get(image.id) ?? images.push(image) - 1;
    numbers.set(image.id, number);
    return number;
  };
  const classed = labelled && spread(labelled, limit);
  return {
    name: opened.name,
    images,
    ...(classed &&
      task !== 'image-search' && {
        labelled: classed.map((row) => ({image: numberOf(row), label: row.label})),
      }),
    ...(captioned && {
      captioned: spread(captioned, limit).map((row) => ({image: numberOf(row), captions: row.captions})),
    }),
    ...(instances && {search: instanceSearch(instances, numberOf, limit)}),
    ...(classed && task === 'image-search' && {search: classSearch(path, classed, numberOf)}),
    ...(domain && {domain}),
  };
}

interface OpenedSet {
  readonly name: string;
  readonly labelled?: readonly KnownImage[] | undefined;
  readonly captioned?: readonly (ImageRow & {readonly captions: readonly string[]})[] | undefined;
  readonly instances?: InstanceSearch | undefined;
  readonly domain?: ClassNames | undefined;
}

type WhatToOpen = Pick<EvaluationSetOptions, 'split' | 'task'>;

async function openPlain(path: string, {split, task}: WhatToOpen): Promise<OpenedSet> {
  const labelled = task === 'retrieval' ? null : await attempt(() => openLabelled(path, {split}));
  const needsCaptions = task !== 'zeroshot' && task !== 'image-search';
  const captioned = needsCaptions
    ? await attempt(() => openCaptioned(path, {split, purpose: 'evaluation'}))
    : null;
  refuseWhatIsMissing(path, task, {labelled, captioned});
  return {name: setName(path), labelled: labelled?.rows, captioned: captioned?.rows};
}

/** @throws UserError (data) when the set is for another task; (usage) for a split, where the set is one itself */
async function openKnown(
  reference: SetReference,
  {split, task}: WhatToOpen,
  path: string,
): Promise<OpenedSet> {
  const set = await openKnownSet(reference);
  if (set.folder !== undefined) {
    return {...(await openPlain(set.folder, {split, task})), name: set.name, domain: set.domain};
  }
  if (split !== undefined && split !== 'all') {
    throw new UserError(`${path}: expected no split, got ${split}: the set is a test split itself`, {
      tryThis: `--data FOLDER#${split}, to open the folder as any other data`,
    });
  }
  const fits: Record<Task, boolean> = {
    zeroshot: set.labelled !== undefined,
    retrieval: false,
    both: false,
    'image-search': true,
  };
  if (task === undefined || fits[task]) return set;
  const able = tasks.filter((one) => fits[one]).join(' or ');
  throw new UserError(`${path}: expected a set for --task ${task}, got one for ${able}`, {
    exit: exitCodes.data,
  });
}

/** Searches by the numbers of the evaluation set. */
function instanceSearch(
  {images, queries}: InstanceSearch,
  numberOf: (row: ImageRow) => number,
  limit: number | undefined,
): NonNullable<EvaluationSet['search']> {
  const searched = images.map((image) => numberOf({image}));
  return {
    searched,
    queries: spread(queries, limit).map(({image, good, junk}) => ({image: numberOf({image}), good, junk})),
  };
}

/** Every image looks for the others of its class; it does not count itself. */
function classSearch(
  path: string,
  rows: readonly KnownImage[],
  numberOf: (row: ImageRow) => number,
): NonNullable<EvaluationSet['search']> {
  const places = new Map<string, number[]>();
  rows.forEach(({label}, place) => places.set(label, [...(places.get(label) ?? []), place]));
  const searched = rows.map(numberOf);
  const queries = rows.flatMap(({label}, place) => {
    const good = places.get(label)!.filter((other) => other !== place);
    return good.length === 0 ? [] : [{image: searched[place]!, good, junk: [place]}];
  });
  if (queries.length > 0) return {searched, queries};
  throw new UserError(`${path}: expected two images of a class at least, got one of each`, {
    exit: exitCodes.data,
  });
}

type Attempt<T> =
  | {readonly rows: readonly T[]; readonly failure?: never}
  | {readonly rows?: never; readonly failure: UserError};

/** Data that has no classes or no captions is a `UserError` (data); whether it matters depends on the task. */
async function attempt<T>(open: () => Promise<{readonly rows: readonly T[]}>): Promise<Attempt<T>> {
  try {
    return {rows: (await open()).rows};
  } catch (error) {
    if (error instanceof UserError && error.exit === exitCodes.data) return {failure: error};
    throw error;
  }
}

function refuseWhatIsMissing(
  path: string,
  task: Task | undefined,
  {
    labelled,
    captioned,
  }: {readonly labelled: Attempt<unknown> | null; readonly captioned: Attempt<unknown> | null},
): void {
  const failures = [labelled?.failure, captioned?.failure].filter((failure) => failure !== undefined);
  if (task !== undefined) {
    for (const failure of failures) throw failure;
  } else if (failures.length === 2) {
    // the same fault twice is a fault of the files, not of what is written in them
    if (failures[0]!.message === failures[1]!.message) throw failures[0]!;
    throw new UserError(`${path}: expected images with a class or with captions, got neither`, {
      exit: exitCodes.data,
      cause: failures[0],
    });
  }
}

/** At most `limit` rows, evenly over all of them, so that sets sorted by class keep their classes. */
function spread<R>(rows: readonly R[], limit: number | undefined): readonly R[] {
  if (limit === undefined || rows.length <= limit) return rows;
  return Array.from({length: limit}, (_, i) => rows[Math.floor((i * rows.length) / limit)]!);
}

function setName(path: string): string {
  const place = splitKeys(path)
    .path.replace(/^domain:/, '')
    .replace(/[/\\]+$/, '');
  return basename(place).replace(/\.(tar|zip|csv|tsv|jsonl?|parquet)$/i, '');
}
