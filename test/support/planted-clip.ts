import * as tf from '@tensorflow/tfjs-core';
import type {Tensor1D, Tensor2D, Tensor4D} from '@tensorflow/tfjs-core';
import {calibrate} from '../../src/app/training/calibrate.js';
import {compileParts} from '../../src/app/training/compile-parts.js';
import {finishedModel, heldEntries, trainedModel} from '../../src/app/training/trained-model.js';
import {normalize} from '../../src/data/pixels.js';
import type {AreaShare, CropDraws} from '../../src/data/pixels/crop-box.js';
import {cropCopy} from '../../src/data/pixels/training-copy.js';
import {toHostArray, toTensors} from '../../src/engine/host-array.js';
import {uniform} from '../../src/engine/random.js';
import type {CompiledStep, HostArray, HostArrays} from '../../src/engine/step.js';
import {requestedDraws, requestedViews} from '../../src/methods/contract/own-inputs.js';
import {ownEntries, partsNeeds, scheduled, type Part} from '../../src/methods/contract/parts.js';
import type {Encoders} from '../../src/methods/contract/method.js';
import type {ClipConfig} from '../../src/model/clip-config.js';
import type {ClipModel} from '../../src/model/clip-model.js';
import {createEncoders} from '../../src/model/encoders.js';
import {randomModel} from '../../src/model/random-model.js';
import type {TokenTensors} from '../../src/model/text-tower.js';
import {BugError} from '../../src/support/errors.js';
import {dotProducts, firstArgMax} from '../reference/matrix.js';
import {toRows} from '../reference/transformer.js';
import {pairsOf, size, tokensOf, words, type Pair, type World} from './planted-world.js';

/** A CLIP that learns a dozen classes in a second. */
const config: ClipConfig = {
  embedDim: 16,
  activation: 'quick_gelu',
  vision: {
    ...{kind: 'vit', imageSize: size, patchSize: 4, width: 32, layers: 1, heads: 2, mlpWidth: 64},
    layerNormEpsilon: 1e-5,
  },
  text: {
    ...{contextLength: 4, vocabSize: words + 3, width: 32, layers: 1, heads: 2, mlpWidth: 64},
    ...{layerNormEpsilon: 1e-5, startToken: words + 1, endToken: words + 2, padToken: 0},
  },
  // levels from -4 to 4
  preprocess: {size, interpolation: 'bicubic', mean: [0.5, 0.5, 0.5], std: [0.125, 0.125, 0.125]},
};

/** A crop of a normalised image [size, size, 3], as training makes it. */
function cropOf(
  image: Float32Array,
  {area, draws}: {readonly area: AreaShare; readonly draws: CropDraws},
): Float32Array {
  const {preprocess} = config;
  const {mean, std} = preprocess;
  // clamped, and to the nearest level
  const levels = Uint8ClampedArray.from(image, (value, at) => 255 * (value * std[at % 3]! + mean[at % 3]!));
  const source = {width: size, height: size};
  const copy = {image: {...source, pixels255: Uint8Array.from(levels)}, source};
  return normalize(cropCopy(copy, preprocess, {area, draws}).pixels255, preprocess);
}

type Counters = readonly [seed: number, ...rest: number[]];

/** Images, or crops of them. */
function imagesOf(pairs: readonly Pair[], area?: AreaShare, [seed, ...counters]: Counters = [0]) {
  const data = new Float32Array(pairs.length * size * size * 3);
  pairs.forEach(({image}, i) => {
    const at = (axis: number) => uniform(seed, 85, ...counters, i, axis);
    const draws = [at(0), at(1), at(2), at(3)] as const;
    data.set(area ? cropOf(image, {area, draws}) : image, i * image.length);
  });
  return {shape: [pairs.length, size, size, 3], data};
}

export interface Training {
  readonly world: World;
  readonly pairs: readonly Pair[];
  /** Images of the same classes, for methods that need them; captions do not count. */
  readonly uncaptioned?: readonly Pair[];
  /** How many of these a step has, of any classes; left out: one of each class. */
  readonly unpairedBatch?: number;
  /** What crops of captioned images take of their area; left out: images are seen whole. */
  readonly area?: AreaShare;
  readonly steps: number;
  readonly rate: number;
  readonly seed?: number;
}

/** An untrained model. */
export function untrained(seed: number): ClipModel {
  return randomModel(config, seed);
}

/** [pairs, classes], 1 where a class is that of the pair. */
function labelRows(labels: readonly number[], classes: number) {
  const data = new Float32Array(labels.length * classes);
  labels.forEach((label, row) => (data[row * classes + label] = 1));
  return {shape: [labels.length, classes], data};
}

/** The captions of all classes as keywords, and the classes themselves, where methods need them. */
function neededOf(parts: readonly Part[], world: World, drawn: readonly Pair[]): HostArrays {
  const needs = partsNeeds(parts);
  const labels = (of: 'own' | 'label') =>
    labelRows(
      drawn.map((pair) => pair[of]),
      world.classes,
    );
  const [captions, names] = [tokensOf(world, 'captions'), tokensOf(world, 'names')];
  const prompts = tokensOf(
    world,
    'captions',
    drawn.map(({own}) => own),
  );
  return {
    ...(needs.keywords && {
      'keywords.ids': captions.ids,
      'keywords.end': captions.end,
      'keywords.labels': labels('label'),
    }),
    ...(needs.classes && {
      ...{'classes.ids': names.ids, 'classes.end': names.end, 'classes.labels': labels('own')},
      ...{'classes.prompt-ids': prompts.ids, 'classes.prompt-end': prompts.end},
    }),
  };
}

/** The uncaptioned images of a step. */
function poolOf({world, uncaptioned = [], unpairedBatch, seed = 1}: Training, step: number): Pair[] {
  if (uncaptioned.length === 0) return [];
  const {classes} = world;
  const drawn = (place: number, among: number) => Math.floor(uniform(seed, 83, step, place) * among);
  return Array.from({length: unpairedBatch ?? classes}, (_, i) => {
    const ofClass = () => drawn(i, uncaptioned.length / classes) * classes + i;
    return uncaptioned[unpairedBatch === undefined ? ofClass() : drawn(i, uncaptioned.length)]!;
  });
}

/** One captioned image of each class, in any order. */
function drawnPairs({world, pairs, seed = 1}: Training, step: number): Pair[] {
  const perClass = pairs.length / world.classes;
  const picked = Array.from({length: world.classes}, (_, c) => ({
    pair: pairs[Math.floor(uniform(seed, 80, step, c) * perClass) * world.classes + c]!,
    place: uniform(seed, 82, step, c),
  }));
  return picked.sort((a, b) => a.place - b.place).map(({pair}) => pair);
}

/** The images of a step, and the views of them that methods ask for. */
function imageEntries(
  parts: readonly Part[],
  {area, seed = 1}: Training,
  {step, ...images}: {step: number; paired: readonly Pair[]; unpaired: readonly Pair[]},
): HostArrays {
  const views = requestedViews(parts).map(({entry, of, area: share}, view): [string, HostArray] => [
    entry,
    imagesOf(images[of], share, [seed, step, view]),
  ]);
  return {
    'paired.images': imagesOf(images.paired, area, [seed, step, views.length]),
    ...(images.unpaired.length > 0 && {'unpaired.images': imagesOf(images.unpaired)}),
    ...Object.fromEntries(views.filter(([, {shape}]) => shape[0]! > 0)),
  };
}

function batchOf(parts: readonly Part[], training: Training, step: number): HostArrays {
  const {world, seed = 1} = training;
  const paired = drawnPairs(training, step);
  const unpaired = partsNeeds(parts).unpaired ? poolOf(training, step) : [];
  const {ids, end} = tokensOf(
    world,
    'captions',
    paired.map(({label}) => label),
  );
  const draws = requestedDraws(parts, config, {paired: paired.length, unpaired: unpaired.length});
  return {
    ...imageEntries(parts, training, {step, paired, unpaired}),
    ...{'paired.ids': ids, 'paired.end': end},
    ...neededOf(parts, world, paired),
    ...Object.fromEntries(
      Object.entries(draws).map(([name, shape], d) => {
        const data = Float32Array.from({length: shape.reduce((n, side) => n * side, 1)}, (_, i) =>
          uniform(seed, 81, step, d, i),
        );
        return [name, {shape, data}];
      }),
    ),
  };
}

/** What is read behind the last of some steps of one image of each class. */
async function readTrained<T>(
  parts: readonly Part[],
  model: ClipModel,
  training: Training,
  read: (compiled: CompiledStep) => T | Promise<T>,
): Promise<T> {
  const {world, pairs, steps, rate, seed = 1} = training;
  const sizes = {captioned: pairs.length, keywords: partsNeeds(parts).keywords ? world.classes : 0};
  const updates = {
    ...{beta1: 0.9, beta2: 0.98, epsilon: 1e-6, weightDecay: 0, clipNorm: 1},
    ...({frozen: 'none', microBatch: null, seed, sizes} as const),
  };
  const compiled = compileParts(parts, model, updates, {});
  try {
    await calibrate(compiled, {parts, config}, () => Promise.resolve(batchOf(parts, training, 0)));
    for (let step = 0; step < steps; step++) {
      const numbers = {learningRate: rate, step: step + 1, ...scheduled(parts, {step, steps})};
      compiled.run(batchOf(parts, training, step), numbers);
    }
    return await read(compiled);
  } finally {
    compiled.dispose();
  }
}

/** A model as methods train and finish it. */
export function trained(parts: readonly Part[], model: ClipModel, training: Training): Promise<ClipModel> {
  const start = {...model.weights, ...model.state};
  return readTrained(parts, model, training, (compiled) =>
    parts.reduce(
      (made, part) => ('finish' in part.method ? finishedModel(made, part, start) : made),
      trainedModel(model, parts, compiled),
    ),
  );
}

/** The class weights [c, d] that a method solves from the names of the classes. */
export function trainedHead(part: Part, model: ClipModel, training: Training): Promise<HostArray> {
  const {world, pairs, seed = 1} = training;
  const {method, params} = part;
  const unasked = () =>
    Promise.reject(new BugError('planted head: expected a method that reads names alone'));
  return readTrained([part], model, training, async (compiled) => {
    const {weights} = trainedModel(model, [part], compiled);
    const extras = ownEntries(heldEntries(compiled, 'weights'), method);
    const {head} = await method.solve!({
      ...{config, params, seed, weights, extras},
      ...{labels: pairs.map(({own}) => own), classes: world.classes},
      ...{images: unasked, beforeProjection: unasked, prompts: unasked},
      ofNames: (compute) =>
        ofTexts(weights, tokensOf(world, 'names'), (encode, names) =>
          compute(encode, names, toTensors(extras)),
        ),
    });
    return head!.weights;
  });
}

/** A computation from texts by the towers, [n, d]. */
function ofTexts(
  weights: HostArrays,
  tokens: ReturnType<typeof tokensOf>,
  compute: (encode: Encoders, texts: TokenTensors) => Tensor2D,
): HostArray {
  const rows = tf.tidy(() => {
    const {ids, end} = toTensors(tokens);
    const encode = createEncoders(config, toTensors(weights), {}, {training: false});
    return compute(encode, {ids: ids as Tensor2D, end: end as Tensor1D});
  });
  try {
    return toHostArray(rows);
  } finally {
    rows.dispose();
  }
}

/** What a model makes of the names of all classes, as they are or as captions have them: [c, d]. */
export function textRows({weights}: ClipModel, world: World, as: 'names' | 'captions'): HostArray {
  return ofTexts(weights, tokensOf(world, as), (encode, texts) => encode.texts(texts));
}

/** Unseen images of all classes [n, d], unit length, and the classes. */
function unseenRows(model: ClipModel, world: World) {
  const unseen = pairsOf(world, 20, {draw: 1000});
  const encoded = tf.tidy(() => {
    const given = toTensors({...model.weights, images: imagesOf(unseen)});
    const encode = createEncoders(config, given, {}, {training: false});
    return encode.images(given['images'] as Tensor4D);
  });
  try {
    return {rows: toHostArray(encoded), classes: unseen.map(({label}) => label)};
  } finally {
    encoded.dispose();
  }
}

/** The inner products of rows with others: [n, m]. */
function products(rows: HostArray, others: HostArray): number[][] {
  const split = ({shape, data}: HostArray) => toRows(data, shape[1]!);
  return dotProducts(split(rows), split(others));
}

/** Share of unseen images that are nearest to the row of their class [c, d]; left out: to its caption. */
export function accuracy(
  model: ClipModel,
  world: World,
  rows: HostArray = textRows(model, world, 'captions'),
): number {
  const unseen = unseenRows(model, world);
  const nearest = products(unseen.rows, rows).map(firstArgMax);
  return nearest.filter((found, i) => found === unseen.classes[i]).length / nearest.length;
}

/** How far cosines between unseen images are from those between their captions: the root of the mean square. */
export function inModalGap(model: ClipModel, world: World): number {
  const {rows, classes} = unseenRows(model, world);
  const captions = textRows(model, world, 'captions');
  const textCosines = products(captions, captions);
  const squares = products(rows, rows).flatMap((row, i) =>
    row.map((cosine, j) => (cosine - textCosines[classes[i]!]![classes[j]!]!) ** 2),
  );
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);
}
