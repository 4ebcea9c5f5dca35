import * as tf from '@tensorflow/tfjs-core';
import type {Tensor1D, Tensor2D, Tensor4D} from '@tensorflow/tfjs-core';
import {calibrate} from '../../src/app/training/calibrate.js';
import {compileParts} from '../../src/app/training/compile-parts.js';
import {finishedModel, trainedModel} from '../../src/app/training/trained-model.js';
import {toTensors} from '../../src/engine/host-array.js';
import {uniform} from '../../src/engine/random.js';
import type {HostArrays} from '../../src/engine/step.js';
import {requestedDraws} from '../../src/methods/contract/own-inputs.js';
import {partsNeeds, scheduled, type Part} from '../../src/methods/contract/parts.js';
import type {ClipConfig} from '../../src/model/clip-config.js';
import type {ClipModel} from '../../src/model/clip-model.js';
import {createEncoders} from '../../src/model/encoders.js';
import {randomModel} from '../../src/model/random-model.js';
import {randomMatrix} from './random-features.js';

const size = 8;
const words = 16;

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
  preprocess: {size, interpolation: 'bicubic', mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25]},
};

/** Classes of images, each with a caption of two words. */
export interface World {
  readonly classes: number;
  readonly seed: number;
  /** What images add to the code of their class, in multiples of it. */
  readonly spread: number;
  /** Another seed for the words of the captions: the same images, called otherwise. */
  readonly words?: number;
}

/** An image, its class, and the class that its caption names. */
interface Pair {
  readonly image: Float32Array;
  readonly own: number;
  readonly label: number;
}

/** As many images of every class, class by class in turn; the share `wrong` has the caption of another class. */
export function pairsOf(world: World, perClass: number, {wrong = 0, draw = 0} = {}): Pair[] {
  const codes = randomMatrix(world.classes, size * size * 3, world.seed);
  const count = perClass * world.classes;
  const noise = randomMatrix(count, size * size * 3, world.seed + 1 + draw);
  return noise.map((row, i) => {
    const own = i % world.classes;
    const turned = uniform(world.seed, 77, draw, i) < wrong;
    const away = 1 + Math.floor(uniform(world.seed, 78, draw, i) * (world.classes - 1));
    return {
      image: Float32Array.from(row, (value, j) => codes[own]![j]! + world.spread * value),
      own,
      label: turned ? (own + away) % world.classes : own,
    };
  });
}

/** Two words for a class, others in another world. */
function captionOf({seed, words: named = seed}: World, label: number): number[] {
  const word = (k: number) => 1 + Math.floor(uniform(named, 79, label, k) * words);
  return [words + 1, word(0), word(1), words + 2];
}

function tokensOf(world: World, labels: readonly number[]) {
  const ids = Int32Array.from(labels.flatMap((label) => captionOf(world, label)));
  return {
    ids: {shape: [labels.length, 4], data: ids},
    end: {shape: [labels.length], data: new Int32Array(labels.length).fill(3)},
  };
}

function imagesOf(pairs: readonly Pair[]) {
  const data = new Float32Array(pairs.length * size * size * 3);
  pairs.forEach(({image}, i) => data.set(image, i * image.length));
  return {shape: [pairs.length, size, size, 3], data};
}

export interface Training {
  readonly world: World;
  readonly pairs: readonly Pair[];
  /** Images of the same classes, for methods that need them; captions do not count. */
  readonly uncaptioned?: readonly Pair[];
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

/** What methods need beside pairs: uncaptioned images, the captions of all classes as keywords, and the classes themselves. */
function neededOf(
  parts: readonly Part[],
  {world, uncaptioned = [], seed = 1}: Training,
  {drawn, step}: {drawn: readonly Pair[]; step: number},
): HostArrays {
  const needs = partsNeeds(parts);
  const labels = (of: 'own' | 'label') =>
    labelRows(
      drawn.map((pair) => pair[of]),
      world.classes,
    );
  const all = tokensOf(
    world,
    Array.from({length: world.classes}, (_, label) => label),
  );
  const prompts = tokensOf(
    world,
    drawn.map(({own}) => own),
  );
  const perClass = uncaptioned.length / world.classes;
  const pool = drawn.map(
    (_, c) => uncaptioned[Math.floor(uniform(seed, 83, step, c) * perClass) * world.classes + c]!,
  );
  return {
    ...(needs.unpaired && uncaptioned.length > 0 && {'unpaired.images': imagesOf(pool)}),
    ...(needs.keywords && {
      'keywords.ids': all.ids,
      'keywords.end': all.end,
      'keywords.labels': labels('label'),
    }),
    ...(needs.classes && {
      ...{'classes.ids': all.ids, 'classes.end': all.end, 'classes.labels': labels('own')},
      ...{'classes.prompt-ids': prompts.ids, 'classes.prompt-end': prompts.end},
    }),
  };
}

/** A model after steps of one image of each class, as methods train and finish it. */
export async function trained(
  parts: readonly Part[],
  model: ClipModel,
  training: Training,
): Promise<ClipModel> {
  const {world, pairs, steps, rate, seed = 1} = training;
  const sizes = {captioned: pairs.length, keywords: partsNeeds(parts).keywords ? world.classes : 0};
  const updates = {
    ...{beta1: 0.9, beta2: 0.98, epsilon: 1e-6, weightDecay: 0, clipNorm: 1},
    ...({frozen: 'none', microBatch: null, seed, sizes} as const),
  };
  const compiled = compileParts(parts, model, updates, {});
  try {
    const batchOf = (step: number): HostArrays => {
      const perClass = pairs.length / world.classes;
      const picked = Array.from({length: world.classes}, (_, c) => ({
        pair: pairs[Math.floor(uniform(seed, 80, step, c) * perClass) * world.classes + c]!,
        place: uniform(seed, 82, step, c),
      }));
      const drawn = picked.sort((a, b) => a.place - b.place).map(({pair}) => pair);
      const {ids, end} = tokensOf(
        world,
        drawn.map(({label}) => label),
      );
      const draws = requestedDraws(parts, config, {
        paired: drawn.length,
        unpaired: training.uncaptioned && partsNeeds(parts).unpaired ? drawn.length : 0,
      });
      return {
        ...{'paired.images': imagesOf(drawn), 'paired.ids': ids, 'paired.end': end},
        ...neededOf(parts, training, {drawn, step}),
        ...Object.fromEntries(
          Object.entries(draws).map(([name, shape], d) => {
            const data = Float32Array.from({length: shape.reduce((n, side) => n * side, 1)}, (_, i) =>
              uniform(seed, 81, step, d, i),
            );
            return [name, {shape, data}];
          }),
        ),
      };
    };
    await calibrate(compiled, {parts, config}, () => Promise.resolve(batchOf(0)));
    for (let step = 0; step < steps; step++) {
      compiled.run(batchOf(step), {learningRate: rate, step: step + 1, ...scheduled(parts, {step, steps})});
    }
    const start = {...model.weights, ...model.state};
    return parts.reduce(
      (made, part) => ('finish' in part.method ? finishedModel(made, part, start) : made),
      trainedModel(model, parts, compiled),
    );
  } finally {
    compiled.dispose();
  }
}

/** Share of unseen images that are nearest to the caption of their class. */
export function accuracy(model: ClipModel, world: World): number {
  const unseen = pairsOf(world, 20, {draw: 1000});
  const {ids, end} = tokensOf(
    world,
    Array.from({length: world.classes}, (_, label) => label),
  );
  return tf.tidy(() => {
    const given = toTensors({...model.weights, images: imagesOf(unseen), ids, end});
    const encode = createEncoders(config, given, {}, {training: false});
    const images = encode.images(given['images'] as Tensor4D);
    const texts = encode.texts({ids: given['ids'] as Tensor2D, end: given['end'] as Tensor1D});
    const nearest = tf.argMax(tf.matMul(images, texts, false, true), 1).dataSync();
    return unseen.filter(({label}, i) => label === nearest[i]).length / unseen.length;
  });
}
