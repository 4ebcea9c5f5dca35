import {basename} from 'node:path';
import {openLabelled} from '../data/labels.js';
import {openCaptioned} from '../data/open-data.js';
import type {ImageRef, ImageRow} from '../data/rows.js';
import {splitKeys} from '../support/column-keys.js';
import {exitCodes, UserError} from '../support/errors.js';

/** What can be measured: `zeroshot` needs classes, `retrieval` needs captions. */
export const tasks = ['zeroshot', 'retrieval', 'both'] as const;
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
  const labelled = task === 'retrieval' ? null : await attempt(() => openLabelled(path, {split}));
  const captioned =
    task === 'zeroshot' ? null : await attempt(() => openCaptioned(path, {split, purpose: 'evaluation'}));
  refuseWhatIsMissing(path, task, {labelled, captioned});
  const numbers = new Map<string, number>();
  const images: ImageRef[] = [];
  const numberOf = ({image}: ImageRow) => {
    const number = numbers.get(image.id) ?? images.push(image) - 1;
    numbers.set(image.id, number);
    return number;
  };
  return {
    name: setName(path),
    images,
    ...(labelled?.rows && {
      labelled: spread(labelled.rows, limit).map((row) => ({image: numberOf(row), label: row.label})),
    }),
    ...(captioned?.rows && {
      captioned: spread(captioned.rows, limit).map((row) => ({image: numberOf(row), captions: row.captions})),
    }),
  };
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
