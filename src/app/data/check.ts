import {alikeImages, type AlikeImages, type Twin} from '../../data/check/alike-images.js';
import {captionProblems, setFindings} from '../../data/check/caption-problems.js';
import {inOrder} from '../../data/check/in-order.js';
import {lookAtImage, type ImageLook, type LookOptions} from '../../data/check/look-at-image.js';
import type {FoundProblem, ProblemKind} from '../../data/check/problem-kinds.js';
import type {LocatedRow} from '../../data/located-rows.js';
import {classOf} from '../../data/row-class.js';
import type {OpenModelEvent} from '../open-model.js';
import {badLimit, isAbove} from './bad-limit.js';
import type {CheckReport} from './check-report.js';
import {openToCheck, type OpenedToCheck, type SetToCheck} from './checked-sets.js';
import type {WritingProgress} from './convert.js';
import {problemList, refuseProblemFile, type ProblemList} from './problem-list.js';
import {tokenCount, type NamedTokenCount} from './token-count.js';

export interface CheckRequest {
  /** At least one. */
  readonly sets: readonly SetToCheck[];
  /** `25` or `1%`. */
  readonly maxBad: string;
  /** Problems that count for the limit; undefined: the usual ones. */
  readonly bad: readonly string[] | undefined;
  readonly look: LookOptions;
  /** Whether images that look alike are searched for; they must be decoded. */
  readonly near: boolean;
  /** A model whose tokenizer counts; undefined: an estimate. */
  readonly model: string | undefined;
  /** Problems in the report, at most. */
  readonly listed: number;
  /** A file for all problems, one JSON object a line. */
  readonly out: string | undefined;
}

/** Images that are read and decoded at a time. */
const imagesAtATime = 8;

/**
 * Looks at every row of some sets: whether the image is there and can be decoded, what it is, whether another row or set
 * has it too, and what is written about it. Nothing is changed.
 * @throws UserError when nothing of a set can be read
 */
export async function* checkData(
  request: CheckRequest,
): AsyncGenerator<OpenModelEvent | WritingProgress, CheckReport> {
  const limit = badLimit(request.maxBad);
  if (request.out !== undefined) await refuseProblemFile(request.out);
  const tokens = yield* tokenCount(request.model);
  const sets: OpenedToCheck[] = [];
  for (const set of request.sets) sets.push(await openToCheck(set));
  const list = problemList(sets, {bad: request.bad, listed: request.listed});
  const {alike, checked} = yield* lookThrough(sets, {list, tokens, look: request.look});
  reportTwins(alike, {list, sets, near: request.near && request.look.decode});
  await list.write(request.out);
  const rows = sets.reduce((sum, set) => sum + set.rows.length + set.faults.length, 0);
  const bad = list.badRows();
  return {
    version: 1,
    sets: checked.map((set, i) => ({...set, problems: list.counts(i)})),
    bad: {rows: bad, of: rows, most: request.maxBad, isAbove: isAbove(bad, rows, limit)},
    tokens: {by: tokens.by, context: tokens.context},
    ...list.first(),
    out: request.out ?? null,
  };
}

interface Looking {
  readonly list: ProblemList;
  readonly tokens: NamedTokenCount;
  readonly look: LookOptions;
}

/** Images that were read, with the row that each belongs to. */
interface Looked {
  readonly images: AlikeImages;
  /** Row of each image in its set. */
  readonly rows: number[];
}

async function* lookThrough(sets: readonly OpenedToCheck[], {list, tokens, look}: Looking) {
  const alike: Looked = {images: alikeImages(), rows: []};
  const total = sets.reduce((sum, {rows}) => sum + rows.length, 0);
  let done = 0;
  const checked = [];
  for (const [number, set] of sets.entries()) {
    const {role, path, split, rows, otherFiles, faults} = set;
    for (const fault of faults) list.addFault(number, fault);
    const findings = setFindings();
    let captions = 0;
    const areNeeded = role === 'captioned';
    let at = 0;
    for await (const {row, problems, seen} of looks(set, look)) {
      const said = captionProblems(row, {tokens, areNeeded});
      list.add(number, at, [...said, ...problems]);
      findings.add(row.captions, classOf(row.fields));
      captions += row.captions.length;
      if (seen !== undefined) {
        alike.images.add(number, seen);
        alike.rows.push(at);
      }
      at++;
      yield {type: 'progress' as const, what: 'images' as const, done: ++done, total};
    }
    checked.push({role, path, split, rows: rows.length, captions, otherFiles, findings: findings.findings()});
  }
  return {alike, checked};
}

interface LookedRow {
  readonly row: LocatedRow;
  readonly problems: readonly FoundProblem[];
  /** Undefined when the image is not there. */
  readonly seen?: ImageLook;
}

function looks({rows, read}: OpenedToCheck, options: LookOptions): AsyncGenerator<LookedRow> {
  return inOrder(rows, imagesAtATime, async (row, number): Promise<LookedRow> => {
    if (row.found === null) return {row, problems: [{kind: 'missing', detail: ''}]};
    try {
      const seen = await lookAtImage(await read(number), row.file, options);
      return {row, problems: seen.problems, seen};
    } catch (error) {
      return {row, problems: [{kind: 'unreadable', detail: (error as Error).message}]};
    }
  });
}

interface Reporting {
  readonly list: ProblemList;
  readonly sets: readonly OpenedToCheck[];
  readonly near: boolean;
}

/** What it means that an image is like an earlier one, by what the two sets are for. */
function reportTwins({images, rows}: Looked, {list, sets, near}: Reporting): void {
  const report = ({image, earlier}: Twin, kinds: Readonly<Record<Relation, ProblemKind | null>>) => {
    const set = images.setOf(image);
    const told = new Set<ProblemKind>();
    for (const other of earlier) {
      const kind = kinds[relation(sets, set, images.setOf(other))];
      if (kind === null || told.has(kind)) continue;
      told.add(kind);
      list.add(set, rows[image]!, [{kind, detail: list.placeOf(images.setOf(other), rows[other]!, set)}]);
    }
  };
  for (const twin of images.equal()) {
    report(twin, {same: 'duplicate', learnt: 'overlap', measured: 'leak', other: null});
  }
  if (!near) return;
  for (const twin of images.near()) {
    report(twin, {same: 'near-duplicate', learnt: null, measured: 'near-leak', other: null});
  }
}

/** How two sets of which one holds an image like one of the other belong together. */
type Relation = 'same' | 'learnt' | 'measured' | 'other';

function relation(sets: readonly OpenedToCheck[], one: number, other: number): Relation {
  if (one === other) return 'same';
  const isTest = [one, other].map((set) => sets[set]!.role === 'evaluate');
  if (isTest[0] !== isTest[1]) return 'measured';
  return isTest[0] ? 'other' : 'learnt';
}
