import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor1D, Tensor2D, Tensor3D, Tensor4D} from '@tensorflow/tfjs-core';
import type {Tensors} from '../../engine/step.js';
import {constant} from '../../losses/constant.js';
import {smoothL1, whiten} from '../../losses/feature-distillation.js';
import {pathFactors} from '../../model/drop-path.js';
import type {ImageNoise} from '../../model/image-noise.js';
import {affine} from '../../model/layers/linear.js';
import {maskedPlaces} from '../../model/masked-places.js';
import type {ExtraWeight} from '../contract/method.js';
import type {Lesson} from './token-teacher.js';

/** The weights of a linear layer from the tokens of a student to those of a teacher; the identity where it can be. */
export function projection(student: number, teacher: number): Record<'weight' | 'bias', ExtraWeight> {
  const drawn = {kind: 'normal', deviation: student ** -0.5} as const;
  return {
    weight: {shape: [teacher, student], initial: student === teacher ? {kind: 'identity'} : drawn},
    bias: {shape: [teacher], initial: {kind: 'constant', value: 0}},
  };
}

/** How a student's tokens are compared with a teacher's. */
export interface Compared {
  readonly lesson: Pick<Lesson, 'images' | 'tokens' | 'classToken'>;
  /** The student's tokens of a stack of images. */
  readonly student: (images: Tensor4D, noise: ImageNoise | undefined) => Tensor3D;
  /** Whether those have a class token in front. */
  readonly ownClassToken: boolean;
  /** [teacher, student] and [teacher]. */
  readonly weight: Tensor2D;
  readonly bias: Tensor1D;
  readonly noise: StudentNoise;
  readonly beta: number;
}

/**
 * Feature distillation's loss (arXiv:2205.14141): the smooth L1 distance of a student's tokens, through a linear layer, from
 * a teacher's whitened ones. Where patches are hidden from the student, their tokens alone count.
 */
export function tokenDistance({lesson, student, ownClassToken, weight, bias, noise, beta}: Compared): Scalar {
  const {images, tokens, classToken} = lesson;
  const left = noisesOf(noise, images);
  const taught = tokens();
  const dropped = ownClassToken && !classToken;
  const now = images.map((all, i) => {
    const own = student(all, left[i]);
    return dropped ? withoutFirst(own) : own;
  });
  const masks = left.flatMap((of) => (of?.masked ? [tokenMask(of.masked.places, classToken)] : []));
  return smoothL1(
    affine(tokenRows(now), weight, bias),
    constant(() => whiten(tokenRows(taught))),
    {beta, ...(masks.length > 0 && {mask: tf.concat(masks, 0)})},
  );
}

/** What is drawn for a student, and how much of it is left out. */
export interface StudentNoise {
  /** `paths` [n, 2 * layers] and `places` [n, p], each where something is left out. */
  readonly draws: Tensors;
  /** Rate of the last block. */
  readonly dropPath: number;
  /** Share of the patches. */
  readonly mask: number;
  /** [w], what stands in the place of a hidden patch. */
  readonly embedding: Tensor1D;
}

/** Shapes of the numbers that {@link StudentNoise} draws for n images. */
export function noiseShapes(
  n: number,
  {
    layers,
    places,
    dropPath,
    mask,
  }: {readonly layers: number; readonly places: number} & Pick<StudentNoise, 'dropPath' | 'mask'>,
): Record<string, readonly number[]> {
  return {...(dropPath > 0 && {paths: [n, 2 * layers]}), ...(mask > 0 && {places: [n, places]})};
}

/** What the student leaves out of each of some stacks of images, by their rows of the draws; undefined: nothing. */
function noisesOf(
  {draws: {paths, places}, dropPath, mask, embedding}: StudentNoise,
  images: readonly Tensor4D[],
): (ImageNoise | undefined)[] {
  if (!paths && !places) return images.map(() => undefined);
  const factors = paths && pathFactors(paths as Tensor2D, dropPath);
  const hidden = places && maskedPlaces(places as Tensor2D, Math.max(1, Math.round(mask * places.shape[1]!)));
  let first = 0;
  return images.map((all) => {
    const rows = (of: Tensor2D): Tensor2D => tf.slice(of, [first, 0], [all.shape[0], of.shape[1]]);
    const noise = {
      paths: factors && rows(factors),
      masked: hidden && {places: rows(hidden), embedding},
    };
    first += all.shape[0];
    return noise;
  });
}

/** Hidden patches [n, p] as tokens, of which a class token in front is none: [n * (1 + p)], or [n * p]. */
function tokenMask(places: Tensor2D, classToken: boolean): Tensor1D {
  const [n, p] = places.shape;
  if (!classToken) return tf.reshape(places, [n * p]);
  return tf.reshape(tf.concat2d([tf.zeros([n, 1]), places], 1), [n * (1 + p)]);
}

function withoutFirst(tokens: Tensor3D): Tensor3D {
  const [n, t, width] = tokens.shape;
  return tf.slice(tokens, [0, 1, 0], [n, t - 1, width]);
}

/** [n, t, w] each -> [all n * t, w]. */
function tokenRows(tokens: readonly Tensor3D[]): Tensor2D {
  return tf.concat(
    tokens.map((map) => tf.reshape<tf.Rank.R2>(map, [map.shape[0] * map.shape[1], map.shape[2]])),
    0,
  );
}
