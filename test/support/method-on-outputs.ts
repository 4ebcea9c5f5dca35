import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor, Tensor2D, Tensor3D} from '@tensorflow/tfjs-core';
import type {Tensors} from '../../src/engine/step.js';
import {batchView} from '../../src/methods/contract/batch-view.js';
import type {Encoders, Method} from '../../src/methods/contract/method.js';
import {partOf} from '../../src/methods/contract/parts.js';
import {joinedTerms} from '../../src/methods/contract/parts-step.js';
import {supervisedTerms} from '../../src/methods/contract/supervised.js';
import {total, type Total} from '../../src/methods/contract/total.js';
import type {ClipConfig} from '../../src/model/clip-config.js';
import {BugError} from '../../src/support/errors.js';
import {tinyVit} from './tiny-clip.js';

/** What towers would make of a batch; asking for what is absent throws. */
export interface TowerOutputs {
  /** [b, d], unit rows. */
  readonly images?: Tensor2D;
  readonly texts?: Tensor2D;
  /** [b, p, w]. */
  readonly imageTokens?: Tensor3D;
  /** [u, p, w]. */
  readonly queryTokens?: Tensor3D;
  /** [b, t, w]. */
  readonly textTokens?: Tensor3D;
  readonly scale?: Scalar;
}

export interface OnOutputs {
  readonly trained: TowerOutputs;
  readonly start?: TowerOutputs;
  /** Places of the end tokens; as many as there are pairs. */
  readonly end: readonly number[];
  /** Uncaptioned images of the batch; default 0: it has none. */
  readonly unpaired?: number;
  readonly extras?: Tensors;
  readonly scalars?: Readonly<Record<string, Scalar>>;
  readonly config?: ClipConfig;
}

/** A method's objective over given outputs of the towers, before and in training. */
export function totalOnOutputs(
  method: Method,
  params: Readonly<Record<string, unknown>>,
  on: OnOutputs,
): Total {
  const {trained, start = {}, end, unpaired = 0, extras = {}, scalars = {}, config = tinyVit} = on;
  const b = end.length;
  const batch: Tensors = {
    'paired.images': tf.zeros([b, 1, 1, 1]),
    'paired.ids': tf.zeros([b, trained.textTokens?.shape[1] ?? 1], 'int32'),
    'paired.end': tf.tensor1d([...end], 'int32'),
    ...(unpaired > 0 && {'unpaired.images': tf.zeros([unpaired, 1, 1, 1])}),
  };
  const encode = encodersOver(batch, trained);
  const part = partOf(method, params);
  const objective = method.objective?.({
    ...{config, params: part.params, encode, weights: {}, state: {}, extras, scalars},
    ...{draws: {}, views: {paired: {}, unpaired: {}}},
    start: encodersOver(batch, start),
    encodersOf: () => encode,
    batch: batchView(batch, method.needs),
  });
  const {paired} = batchView(batch, {});
  return total(joinedTerms([part], [objective ?? {}], () => supervisedTerms(encode, paired)));
}

function encodersOver(batch: Tensors, outputs: TowerOutputs): Encoders {
  const given = <K extends keyof TowerOutputs>(name: K): NonNullable<TowerOutputs[K]> => {
    const value = outputs[name];
    if (value === undefined) throw new BugError(`towers: expected a method that does without ${name}`);
    return value;
  };
  const noWords = (): never => {
    throw new BugError('towers: expected a method that does without words as embeddings');
  };
  const isPaired = (tensor: Tensor) => tensor === batch['paired.images'];
  return {
    images: () => given('images'),
    texts: () => given('texts'),
    imageTokens: (images) => given(isPaired(images) ? 'imageTokens' : 'queryTokens'),
    textTokens: () => given('textTokens'),
    ...{words: noWords, wordRows: noWords, wordRowTokens: noWords},
    get scale() {
      return given('scale');
    },
  };
}
