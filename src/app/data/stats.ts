import {inOrder} from '../../data/check/in-order.js';
import {classOf} from '../../data/row-class.js';
import {captionStats, type CaptionStats} from '../../data/stats/caption-stats.js';
import {byCount, imageStats, type Counted, type ImageStats} from '../../data/stats/image-stats.js';
import type {ColumnKeys} from '../../support/column-keys.js';
import {exitCodes, UserError} from '../../support/errors.js';
import type {OpenModelEvent} from '../open-model.js';
import {openToCheck, type OpenedToCheck} from './checked-sets.js';
import type {WritingProgress} from './convert.js';
import {statsFile} from './stats-file.js';
import {tokenCount} from './token-count.js';

export interface StatsRequest {
  /** A set in any format; `PATH#split` takes one split of it. */
  readonly set: string;
  readonly split: string | undefined;
  readonly keys: ColumnKeys;
  /** A model whose tokenizer counts; undefined: an estimate. */
  readonly model: string | undefined;
  /** Images whose header is read, at most, spread over the set. */
  readonly images: number;
  /** A file for the charts: .svg, .png or .html. */
  readonly out: string | undefined;
}

/** What a set is like. */
export interface StatsReport {
  readonly version: 1;
  readonly path: string;
  readonly split: string | null;
  readonly rows: number;
  /** Rows whose image is not there, and rows that make no sense. */
  readonly missing: number;
  readonly unreadableRows: number;
  readonly captions: CaptionStats;
  readonly tokens: {readonly by: string | null; readonly context: number};
  readonly images: ImageStats;
  /** Rows by class and by split, the most frequent first; without those that have none. */
  readonly classes: readonly Counted[];
  readonly splits: readonly Counted[];
  /** The picture that was drawn. */
  readonly out: string | null;
}

/**
 * Counts what a set holds: captions, words, tokens, sizes, formats, classes, splits.
 * @throws UserError when it cannot be read or has no images
 */
export async function* dataStats(
  request: StatsRequest,
): AsyncGenerator<OpenModelEvent | WritingProgress, StatsReport> {
  const file = request.out === undefined ? undefined : await statsFile(request.out);
  const tokens = yield* tokenCount(request.model);
  const {set: reference, split: asked, keys} = request;
  const opened = await openToCheck({role: 'set', reference, split: asked, keys});
  const {path, split, rows, faults} = opened;
  if (rows.length === 0) {
    throw new UserError(`${path}: expected images, got none`, {
      exit: exitCodes.data,
      ...(faults[0] !== undefined && {tryThis: `mend this first: ${faults[0]}`}),
    });
  }
  const texts = captionStats(tokens);
  const counts = {classes: new Map<string, number>(), splits: new Map<string, number>()};
  let missing = 0;
  for (const row of rows) {
    texts.add(row.captions);
    if (row.found === null) missing++;
    count(counts.classes, classOf(row.fields));
    count(counts.splits, row.split);
  }
  const report: StatsReport = {
    version: 1,
    ...{path, split, rows: rows.length, missing, unreadableRows: faults.length},
    captions: texts.stats(),
    tokens: {by: tokens.by, context: tokens.context},
    images: yield* headers(opened, request.images),
    classes: byCount(counts.classes),
    splits: byCount(counts.splits),
    out: request.out ?? null,
  };
  await file?.write(report);
  return report;
}

function count(counts: Map<string, number>, name: string | null): void {
  if (name !== null) counts.set(name, (counts.get(name) ?? 0) + 1);
}

/** Images that are read at a time. */
const imagesAtATime = 8;

async function* headers(
  {rows, read}: OpenedToCheck,
  most: number,
): AsyncGenerator<WritingProgress, ImageStats> {
  const total = Math.min(rows.length, most);
  const images = imageStats();
  const chosen = Array.from({length: total}, (_, i) => Math.floor((i * rows.length) / total));
  const look = async (number: number) => {
    if (rows[number]!.found !== null) await images.add(await read(number));
  };
  let done = 0;
  for await (const _ of inOrder(chosen, imagesAtATime, look)) {
    yield {type: 'progress', what: 'images', done: ++done, total};
  }
  return images.stats();
}
