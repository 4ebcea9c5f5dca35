import {createHash} from 'node:crypto';
import {z} from 'zod';

/** Crops of 0.9 to 1 of the area, as in S-CLIP. */
export const publishedAugmentation: {crop: [number, number]; mirror: boolean} = {
  crop: [0.9, 1],
  mirror: false,
};

const dataPlan = z.strictObject({
  /** The path as it was given, and the split within it. */
  path: z.string(),
  split: z.string().nullable(),
  /** Rows and SHA-256 of the set as it was when the plan was made. */
  rows: z.int(),
  fingerprint: z.string(),
});

/**
 * A resolved plan: plain data that decides the result completely. The same plan gives the same bits on the
 * same machine.
 */
export const planSchema = z.strictObject({
  version: z.literal(1),
  domain: z.string().nullable(),
  model: z.strictObject({
    reference: z.string(),
    folder: z.string(),
    /** SHA-256 over the weights and the configuration. */
    fingerprint: z.string(),
  }),
  captioned: dataPlan,
  labelRatio: z.number().nullable(),
  unpaired: dataPlan.nullable(),
  /** Images that take part, after the label split. */
  counts: z.strictObject({captioned: z.int(), unpaired: z.int()}),
  keywords: z.strictObject({
    source: z.string(),
    list: z.array(z.string()),
    /** How they are found in captions; plans from before there was a choice mean the published rule. */
    matching: z.enum(['words', 'exact']).default('exact'),
    /** Whether they name the classes that evaluation asks for. */
    oracle: z.boolean().default(false),
  }),
  /** What methods that learn classes sort images into, and the prompts of each class; null: no method does. */
  classes: z
    .strictObject({
      set: z.string(),
      labels: z.array(z.string()),
      names: z.array(z.string()),
      templates: z.array(z.string()),
    })
    .nullable()
    .default(null),
  /** How training images are varied; plans from before there was a choice mean S-CLIP's crops. */
  augmentation: z
    .strictObject({crop: z.tuple([z.number(), z.number()]), mirror: z.boolean()})
    .default(publishedAugmentation),
  method: z.strictObject({name: z.string(), params: z.record(z.string(), z.unknown())}),
  /** Methods beside it; the weight is a factor of their terms. */
  with: z
    .array(z.strictObject({name: z.string(), weight: z.number(), params: z.record(z.string(), z.unknown())}))
    .default([]),
  /** Other models and side files that methods read, as they were when the plan was made. */
  outside: z
    .array(z.strictObject({method: z.string(), name: z.string(), path: z.string(), fingerprint: z.string()}))
    .default([]),
  train: z.strictObject({
    steps: z.int(),
    batch: z.int(),
    unpairedBatch: z.int(),
    /** Rows that the towers take at a time; null: all. */
    microBatch: z.int().nullable(),
    learningRate: z.number(),
    warmupSteps: z.int(),
    beta1: z.number(),
    beta2: z.number(),
    epsilon: z.number(),
    weightDecay: z.number(),
    clipNorm: z.number().nullable(),
    frozen: z.enum(['none', 'image', 'text']),
  }),
  /** How uncaptioned images come into batches; plans from before there was a choice mean shuffled. */
  unpairedOrder: z.enum(['auto', 'shuffled', 'matched']).default('shuffled'),
  /**
   * Which weights a run leaves: the last, a usual mixture of those before and after it, or the mixture of the two that suits captioned
   * images kept back best. Plans from before there was a choice mean the last.
   */
  selection: z
    .discriminatedUnion('rule', [
      z.strictObject({rule: z.literal('last')}),
      z.strictObject({rule: z.literal('usual')}),
      z.strictObject({rule: z.literal('held-out'), share: z.number(), pairs: z.int()}),
    ])
    .default({rule: 'last'}),
  seed: z.int(),
  engine: z.enum(['tensorflow', 'wasm', 'cpu']),
  precision: z.enum(['fp32', 'bf16']),
  /** Whether each step runs as one graph, or operation by operation. */
  capture: z.boolean(),
  evaluate: z.array(
    z.strictObject({path: z.string(), split: z.string().nullable(), limit: z.int().nullable()}),
  ),
  checkpointEvery: z.int(),
  /** Steps between measurements while it trains; null: before and after alone. */
  evaluateEvery: z.int().nullable().default(null),
  /** Memory for decoded images; null: what the machine has room for when the run starts. */
  imageCacheMiB: z.number().nullable(),
});

export type Plan = z.output<typeof planSchema>;
export type PlannedData = z.output<typeof dataPlan>;

/**
 * SHA-256, hexadecimal, of everything in a plan that decides the trained weights: where files lie, what is
 * measured, how often a checkpoint is written and how many decoded images are kept do not.
 */
export function planHash(plan: Plan): string {
  const content = ({rows, fingerprint}: PlannedData) => ({rows, fingerprint});
  const {list, matching} = plan.keywords;
  const decisive = {
    ...plan,
    model: plan.model.fingerprint,
    captioned: content(plan.captioned),
    unpaired: plan.unpaired && content(plan.unpaired),
    keywords: matching === 'exact' ? list : {list, matching},
    // left out where there are none, so that earlier plans keep their hash
    classes: plan.classes ?? undefined,
    outside: plan.outside.length > 0 ? plan.outside.map(({path: _path, ...content}) => content) : undefined,
    augmentation: isPublished(plan.augmentation) ? undefined : plan.augmentation,
    unpairedOrder: plan.unpairedOrder === 'shuffled' ? undefined : plan.unpairedOrder,
    selection: plan.selection.rule === 'last' ? undefined : plan.selection,
    evaluate: undefined,
    checkpointEvery: undefined,
    evaluateEvery: undefined,
    imageCacheMiB: undefined,
  };
  return createHash('sha256').update(canonicalJson(decisive)).digest('hex');
}

function isPublished({crop: [least, largest], mirror}: Plan['augmentation']): boolean {
  const {crop} = publishedAugmentation;
  return least === crop[0] && largest === crop[1] && !mirror;
}

/** JSON with sorted keys, so that equal values have equal texts. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, entry: unknown) =>
    entry !== null && typeof entry === 'object' && !Array.isArray(entry)
      ? Object.fromEntries(Object.entries(entry).sort(([a], [b]) => (a < b ? -1 : 1)))
      : entry,
  );
}

/** The same plan made tiny: every part of the way is walked once, in seconds. */
export function smokePlan(plan: Plan): Plan {
  const {train} = plan;
  return {
    ...plan,
    train: {
      ...train,
      steps: Math.min(train.steps, 2),
      batch: Math.min(train.batch, 4),
      unpairedBatch: Math.min(train.unpairedBatch, 4),
      warmupSteps: Math.min(train.warmupSteps, 1),
    },
    evaluate: plan.evaluate.map((set) => ({...set, limit: 16})),
    checkpointEvery: 1,
  };
}
