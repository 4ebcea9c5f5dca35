import {labelSplit} from '../../data/label-split.js';
import {openLabelled} from '../../data/labels.js';
import {lazyConcat} from '../../data/lazy-array.js';
import {holdOutPairs} from '../../eval/selection/hold-out-pairs.js';
import {openCaptioned, openImages} from '../../data/open-data.js';
import type {DataSet, ImageRow} from '../../data/rows.js';
import type {Plan} from '../../recipe/plan.js';
import {exitCodes, UserError} from '../../support/errors.js';

/** Where the images of a run come from. */
export interface TrainingSources {
  readonly captioned: string;
  readonly split: string | undefined;
  readonly labelRatio: number | undefined;
  readonly unpaired: {readonly path: string; readonly split: string | undefined} | undefined;
  readonly seed: number;
  /** Share of the captioned images that is kept back to choose weights by; undefined: none. */
  readonly heldOutShare?: number | undefined;
  /** Whether every captioned image must have a class. Those may be without a caption. */
  readonly classes?: boolean | undefined;
}

/** An image to learn from: with a caption, a class or both. */
export interface TrainingRow extends ImageRow {
  readonly captions: readonly string[];
  /** As the data writes it; where classes were asked for. */
  readonly label?: string;
}

/** The images of a run, after the label split. */
export interface TrainingData {
  /** The sets as they were opened. */
  readonly sets: {
    readonly captioned: DataSet<TrainingRow>;
    readonly unpaired: DataSet<ImageRow> | undefined;
  };
  readonly captioned: readonly TrainingRow[];
  readonly unpaired: readonly ImageRow[];
  /** Captioned images that are not trained on: what the run leaves is chosen by them. */
  readonly held: readonly TrainingRow[];
}

/**
 * Opens the sets of a run. With a label ratio only that share of the captioned rows (S-CLIP's permutation for the
 * seed) keeps its captions; the others join the uncaptioned images. Of those with captions a share may be kept back.
 * @throws UserError when too few captions remain
 */
export async function openTrainingData(sources: TrainingSources): Promise<TrainingData> {
  const {captioned: path, split, unpaired, classes = false} = sources;
  const sets = {
    captioned: await (classes
      ? openLabelled(path, {split, purpose: 'training'})
      : openCaptioned(path, {split})),
    unpaired: unpaired && (await openImages(unpaired.path, {split: unpaired.split})),
  };
  const all = sets.captioned.rows;
  const {labelled, unlabelled} =
    sources.labelRatio === undefined
      ? {labelled: all.map((_, i) => i), unlabelled: []}
      : labelSplit(all.length, sources.labelRatio, sources.seed);
  const given = labelled.map((i) => all[i]!);
  const {trained, held} = holdOutPairs(given.length, {
    share: sources.heldOutShare ?? 0,
    seed: sources.seed,
  });
  const captioned = trained.map((i) => given[i]!);
  const stripped = unlabelled.map((i): ImageRow => ({image: all[i]!.image}));
  if (captioned.length < 2) {
    throw new UserError(
      `${sets.captioned.origin}: expected at least 2 captioned images, got ${captioned.length} of ${all.length}`,
      {exit: exitCodes.data, tryThis: 'raise --label-ratio or add captions'},
    );
  }
  const unpairedRows = lazyConcat(stripped, sets.unpaired?.rows ?? []);
  return {sets, captioned, unpaired: unpairedRows, held: held.map((i) => given[i]!)};
}

/**
 * Opens the data of a plan again.
 * @throws UserError when it is not what the plan was made for
 */
export async function reopenTrainingData(plan: Plan): Promise<TrainingData> {
  const data = await openTrainingData({
    captioned: plan.captioned.path,
    split: plan.captioned.split ?? undefined,
    labelRatio: plan.labelRatio ?? undefined,
    unpaired: plan.unpaired ? {path: plan.unpaired.path, split: plan.unpaired.split ?? undefined} : undefined,
    seed: plan.seed,
    heldOutShare: plan.selection.rule === 'held-out' ? plan.selection.share : undefined,
    classes: plan.classes !== null,
  });
  for (const [planned, opened] of [
    [plan.captioned, data.sets.captioned],
    [plan.unpaired, data.sets.unpaired],
  ] as const) {
    if (planned !== null && planned.fingerprint !== opened?.fingerprint) {
      throw new UserError(
        `${planned.path}: expected the ${planned.rows} rows that the run was planned with, got other files`,
        {exit: exitCodes.data, tryThis: 'start a new run with --out'},
      );
    }
  }
  return data;
}
