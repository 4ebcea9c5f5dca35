import * as tf from '@tensorflow/tfjs-core';
import type {Tensor1D, Tensor2D} from '@tensorflow/tfjs-core';
import type {PixelThreads} from '../../data/pixels/pixel-threads.js';
import {toHostArray, toTensor, toTensors} from '../../engine/host-array.js';
import type {HostArray, HostArrays} from '../../engine/step.js';
import {classWeights} from '../../eval/class-weights.js';
import type {Rows} from '../../eval/inner-products.js';
import type {ClassProblem} from '../../methods/contract/class-problem.js';
import type {KeptWeights} from '../../methods/contract/method.js';
import {once} from '../../methods/contract/once.js';
import {ownEntries, type Part} from '../../methods/contract/parts.js';
import type {ClassHead} from '../../model/class-head.js';
import type {ClipModel} from '../../model/clip-model.js';
import {createEmbedder, createProjectionReader, type Embedder} from '../../model/embedder.js';
import {createEncoders} from '../../model/encoders.js';
import type {TokenHeads} from '../../model/token-heads.js';
import type {Tokenizer} from '../../model/tokenizer.js';
import {trimTokens} from '../../model/trim-tokens.js';
import type {Plan} from '../../recipe/plan.js';
import {embedImages, embedTexts, finished, pixelSource, type EmbedProgress} from '../embed-rows.js';
import {classNameTokens, classPrompts, type PlannedClasses} from './class-texts.js';
import type {TrainingData} from './training-data.js';

/** What a run leaves: its model, and what sorts images into the classes, where a method made that. */
export interface SolvedModel {
  readonly model: ClipModel;
  readonly head?: ClassHead | undefined;
  /** What compares single tokens of images and texts, where a method has that. */
  readonly tokenHeads?: TokenHeads | undefined;
  /** Other weights of methods' own. */
  readonly kept?: readonly KeptWeights[];
}

/** What solving needs beside the model. */
export interface Solving {
  readonly plan: Plan;
  readonly data: TrainingData;
  readonly tokenizer: Tokenizer;
  readonly pixelThreads: PixelThreads;
  /** The methods' own weights, each named `<method>/<name>`. */
  readonly extras: HostArrays;
  readonly onProgress: (progress: EmbedProgress) => Promise<void>;
}

/** What a method computes behind the last step: other weights, a head, or both. */
export async function solved(
  {method, params}: Part,
  model: ClipModel,
  solving: Solving,
): Promise<SolvedModel> {
  const {classes} = solving.plan;
  if (!method.solve || classes === null) return {model};
  const {weights, head} = await method.solve(classProblem({method, params}, model, {...solving, classes}));
  const {labels, names} = classes;
  return {
    model: {...model, weights: {...model.weights, ...weights}},
    ...(head && {head: {...head, method: method.name, labels, names}}),
  };
}

function classProblem(
  {method, params}: Pick<Part, 'method' | 'params'>,
  model: ClipModel,
  {plan, data, tokenizer, pixelThreads, classes, extras, onProgress}: Solving & {classes: PlannedClasses},
): ClassProblem<Part['params']> {
  const {config, weights} = model;
  const images = data.captioned.map(({image}) => image);
  const pixels = pixelSource(images, config.preprocess, {pixelThreads});
  const own = ownEntries(extras, method);
  const embedded = async (reader: Pick<Embedder, 'images' | 'dispose'>) => {
    try {
      return hostRows(await finished(embedImages(reader, pixels), onProgress));
    } finally {
      reader.dispose();
    }
  };
  return {
    ...{config, params, weights, extras: own},
    seed: plan.seed,
    labels: data.captioned.map(({label}) => classes.labels.indexOf(label!)),
    classes: classes.labels.length,
    images: once(() => embedded(createEmbedder(model))),
    beforeProjection: once(() => embedded(createProjectionReader(model))),
    prompts: once(() => promptWeights(model, {classes, tokenizer, onProgress})),
    ofNames(compute) {
      const {ids, end} = classNameTokens(classes, tokenizer);
      return inScope(() => {
        const encode = createEncoders(config, toTensors(weights), toTensors(model.state), {training: false});
        return compute(
          encode,
          {ids: toTensor(ids) as Tensor2D, end: toTensor(end) as Tensor1D},
          toTensors(own),
        );
      });
    },
  };
}

/** Zero-shot class weights [c, d]. */
async function promptWeights(
  model: ClipModel,
  {classes, tokenizer, onProgress}: Pick<Solving, 'tokenizer' | 'onProgress'> & {classes: PlannedClasses},
): Promise<HostArray> {
  const embedder = createEmbedder(model);
  try {
    const tokens = trimTokens(tokenizer.encode(classPrompts(classes)));
    const {values, dim} = await finished(embedTexts(embedder, tokens), onProgress);
    const [count, templates] = [classes.labels.length, classes.templates.length];
    const rows = classWeights({features: values, classes: count, templates, dim});
    return {shape: [count, dim], data: Float32Array.from(rows)};
  } finally {
    embedder.dispose();
  }
}

function hostRows({values, count, dim}: Rows): HostArray {
  return {shape: [count, dim], data: values instanceof Float32Array ? values : Float32Array.from(values)};
}

/** The value of a computation that leaves no tensor behind. */
function inScope(compute: () => Tensor2D): HostArray {
  const result = tf.tidy(compute);
  try {
    return toHostArray(result);
  } finally {
    result.dispose();
  }
}
