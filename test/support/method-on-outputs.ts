import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor, Tensor2D, Tensor3D, Tensor4D} from '@tensorflow/tfjs-core';
import type {Tensors} from '../../src/engine/step.js';
import {batchView} from '../../src/methods/contract/batch-view.js';
import type {Encoders, Method, ViewBatch} from '../../src/methods/contract/method.js';
import type {SideBatch} from '../../src/methods/contract/outside.js';
import {partOf, type Part} from '../../src/methods/contract/parts.js';
import {joinedTerms} from '../../src/methods/contract/parts-step.js';
import {supervisedTerms} from '../../src/methods/contract/supervised.js';
import {total, type Total} from '../../src/methods/contract/total.js';
import type {ClipConfig} from '../../src/model/clip-config.js';
import type {ImageNoise} from '../../src/model/image-noise.js';
import type {TokenTensors} from '../../src/model/text-tower.js';
import {BugError} from '../../src/support/errors.js';
import {tinyVit} from './tiny-clip.js';

/** What towers would make of a batch; asking for what is absent throws. */
export interface TowerOutputs {
  /** [b, d], unit rows. */
  readonly images?: Tensor2D;
  readonly texts?: Tensor2D;
  /** [b, d], the captions reworded. */
  readonly rewritten?: Tensor2D;
  /** [k, d], the keywords. */
  readonly keywords?: Tensor2D;
  /** [n, d] and [n, t, w], what rows of words come to. */
  readonly wordRows?: Tensor2D;
  readonly wordRowTokens?: Tensor3D;
  /** [u, d], the uncaptioned images. */
  readonly queries?: Tensor2D;
  /** [n, d], images that the method makes of others. */
  readonly made?: Tensor2D;
  /** Features of further views, by `<source>.<view>`. */
  readonly views?: Readonly<Record<string, Tensor2D>>;
  /** [b, p, w]. */
  readonly imageTokens?: Tensor3D;
  /** [u, p, w]. */
  readonly queryTokens?: Tensor3D;
  /** [b, t, w]. */
  readonly textTokens?: Tensor3D;
  readonly scale?: Scalar;
  /** Hears of every request for tokens of images. */
  readonly onNoise?: (of: 'imageTokens' | 'queryTokens', noise: ImageNoise | undefined) => void;
}

export interface OnOutputs {
  readonly trained: TowerOutputs;
  readonly start?: TowerOutputs;
  /** Places of the end tokens; as many as there are pairs. */
  readonly end: readonly number[];
  /** Uncaptioned images of the batch; default 0: it has none. */
  readonly unpaired?: number;
  readonly extras?: Tensors;
  /** Numbers of the captioned images and of their captions; default: no two alike. */
  readonly origins?: {readonly images: readonly number[]; readonly captions: readonly number[]};
  /** [b, k], which caption holds which keyword; left out: there are none. */
  readonly labels?: Tensor2D;
  /** Keywords in sentences, as they are. */
  readonly phrases?: Readonly<Record<string, TokenTensors>>;
  readonly state?: Tensors;
  readonly draws?: Tensors;
  readonly sides?: SideBatch;
  readonly scalars?: Readonly<Record<string, Scalar>>;
  readonly config?: ClipConfig;
}

/** A method's objective over given outputs of the towers, before and in training. */
export function totalOnOutputs(
  method: Method,
  params: Readonly<Record<string, unknown>>,
  on: OnOutputs,
): Total {
  const {trained, start = {}, unpaired = 0, config = tinyVit} = on;
  const {extras = {}, state = {}, draws = {}, scalars = {}} = on;
  const batch = batchOf(on);
  const part = partOf(method, params);
  const views = viewsOf(method, part.params, unpaired > 0);
  const phrases = on.phrases ?? {};
  const placeholders = {batch, views, config};
  const encode = encodersOver(placeholders, trained);
  const objective = method.objective?.({
    ...{config, params: part.params, encode, weights: {}, state, extras, scalars, draws, views, phrases},
    ...{sides: on.sides ?? {paired: {}, unpaired: {}}, teachers: {}},
    start: encodersOver(placeholders, start),
    encodersOf: () => encode,
    batch: batchView(batch, method.needs),
  });
  const {paired} = batchView(batch, {});
  return total(joinedTerms([part], [objective ?? {}], () => supervisedTerms(encode, paired)));
}

/** A batch of placeholders. */
function batchOf({trained, end, origins, labels, unpaired = 0}: OnOutputs): Tensors {
  const b = end.length;
  const numbers = (given: readonly number[] = end.map((_, i) => i)) => tf.tensor1d([...given], 'int32');
  return {
    'paired.images': tf.zeros([b, 1, 1, 1]),
    'paired.ids': tf.zeros([b, (trained.textTokens ?? trained.wordRowTokens)?.shape[1] ?? 1], 'int32'),
    'paired.end': tf.tensor1d([...end], 'int32'),
    'rewritten.ids': tf.zeros([b, 1], 'int32'),
    'rewritten.end': tf.zeros([b], 'int32'),
    'origins.images': numbers(origins?.images),
    'origins.captions': numbers(origins?.captions),
    ...(labels && {
      'keywords.ids': tf.zeros([labels.shape[1], 3], 'int32'),
      'keywords.end': tf.ones([labels.shape[1]], 'int32'),
      'keywords.labels': labels,
    }),
    ...(unpaired > 0 && {'unpaired.images': tf.zeros([unpaired, 1, 1, 1])}),
  };
}

/** A tensor for each view that the method asks for, to be told apart by. */
function viewsOf(method: Method, params: Part['params'], hasUnpaired: boolean): ViewBatch {
  const made = {paired: {} as Record<string, Tensor4D>, unpaired: {} as Record<string, Tensor4D>};
  for (const [name, {of}] of Object.entries(method.views?.(params) ?? {})) {
    if (of !== 'unpaired') made.paired[name] = tf.zeros([1, 1, 1, 1]);
    if (of !== 'paired' && hasUnpaired) made.unpaired[name] = tf.zeros([1, 1, 1, 1]);
  }
  return made;
}

interface Placeholders {
  readonly batch: Tensors;
  readonly views: ViewBatch;
  readonly config: ClipConfig;
}

function encodersOver({batch, views, config}: Placeholders, outputs: TowerOutputs): Encoders {
  const absent = (name: string): never => {
    throw new BugError(`towers: expected a method that does without ${name}`);
  };
  const given = <K extends keyof TowerOutputs>(name: K): NonNullable<TowerOutputs[K]> =>
    outputs[name] ?? absent(name);
  const isPaired = (tensor: Tensor) => tensor === batch['paired.images'];
  const viewName = (tensor: Tensor) =>
    (['paired', 'unpaired'] as const).flatMap((source) =>
      Object.entries(views[source]).flatMap(([name, view]) => (view === tensor ? [`${source}.${name}`] : [])),
    )[0];
  const textName = ({ids}: TokenTensors) =>
    (['rewritten', 'keywords'] as const).find((part) => ids === batch[`${part}.ids`]) ?? 'texts';
  return {
    images: (images) => {
      const view = viewName(images);
      if (view !== undefined) return outputs.views?.[view] ?? absent(`the view ${view}`);
      if (images === batch['unpaired.images']) return given('queries');
      return given(isPaired(images) ? 'images' : 'made');
    },
    texts: (tokens) => given(textName(tokens)),
    imageTokens: (images, noise) => {
      const name = isPaired(images) ? 'imageTokens' : 'queryTokens';
      outputs.onNoise?.(name, noise);
      return given(name);
    },
    textTokens: () => given('textTokens'),
    words: (ids) => tf.zeros([...ids.shape, config.text.width]),
    wordRows: () => given('wordRows'),
    wordRowTokens: () => given('wordRowTokens'),
    get scale() {
      return given('scale');
    },
  };
}
