import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {broadcast, elementwise, erf, nd, reshape} from '../reference/nd-ops.js';
import {given, values, valuesAwayFrom, whole, type CaseInput, type EngineCase} from './engine-case.js';

const some = [3, 4];

function one(
  name: string,
  input: CaseInput,
  apply: (x: Tensor) => Tensor,
  f: (value: number) => number,
): EngineCase {
  return {name, inputs: [input], apply, reference: (x) => elementwise(x, f)};
}

function two(
  name: string,
  [a, b]: readonly [CaseInput, CaseInput],
  apply: (a: Tensor, b: Tensor) => Tensor,
  f: (a: number, b: number) => number,
): EngineCase {
  return {name, inputs: [a, b], apply: (x, y) => apply(x, y), reference: (x, y) => broadcast(x, y, f)};
}

const unary: readonly EngineCase[] = [
  one('exp', values(some, 1), tf.exp, Math.exp),
  one('log', values(some, 2, [0.1, 3]), tf.log, Math.log),
  one('sqrt', values(some, 3, [0.1, 3]), tf.sqrt, Math.sqrt),
  one('rsqrt', values(some, 4, [0.1, 3]), tf.rsqrt, (x) => 1 / Math.sqrt(x)),
  one('square', values(some, 5), tf.square, (x) => x * x),
  one('neg', values(some, 6), tf.neg, (x) => -x),
  one('abs', valuesAwayFrom([0], some, 7), tf.abs, Math.abs),
  one('sigmoid', values(some, 8, [-6, 6]), tf.sigmoid, (x) => 1 / (1 + Math.exp(-x))),
  one('tanh', values(some, 9), tf.tanh, Math.tanh),
  one('erf', values(some, 10), tf.erf, erf),
  one('relu', valuesAwayFrom([0], some, 11), tf.relu, (x) => Math.max(x, 0)),
  one(
    'step',
    valuesAwayFrom([0], some, 12),
    (x) => tf.step(x),
    (x) => (x > 0 ? 1 : 0),
  ),
  one('sign', valuesAwayFrom([0], some, 13), tf.sign, Math.sign),
  one('floor', valuesAwayFrom([-2, -1, 0, 1, 2], some, 40), tf.floor, Math.floor),
  one('softplus', values(some, 41, [-6, 6]), tf.softplus, (x) => Math.log1p(Math.exp(x))),
  one(
    'clipByValue',
    valuesAwayFrom([-0.5, 0.5], some, 14),
    (x) => tf.clipByValue(x, -0.5, 0.5),
    (x) => Math.min(Math.max(x, -0.5), 0.5),
  ),
  one('clone', values(some, 15), tf.clone, (x) => x),
  one(
    'quick gelu',
    values(some, 16),
    (x) => tf.mul(x, tf.sigmoid(tf.mul(x, 1.702))),
    (x) => x / (1 + Math.exp(-1.702 * x)),
  ),
  one(
    'gelu',
    values(some, 17),
    (x) => tf.mul(x, tf.mul(0.5, tf.add(1, tf.erf(tf.mul(x, Math.SQRT1_2))))),
    (x) => (x * (1 + erf(x * Math.SQRT1_2))) / 2,
  ),
  one(
    'scalar on the left of sub and div',
    values(some, 18, [1, 2]),
    (x) => tf.div(2, tf.sub(5, x)),
    (x) => 2 / (5 - x),
  ),
];

const pairs: readonly (readonly [string, readonly number[], readonly number[]])[] = [
  ['same shape', [3, 4], [3, 4]],
  ['row vector', [2, 3, 4], [4]],
  ['matrix under a batch', [2, 3, 4], [3, 4]],
  ['leading axes', [2, 3, 2, 4], [3, 1, 4]],
  ['column', [3, 4], [3, 1]],
  ['both stretched', [3, 1], [1, 4]],
  ['scalar', [3, 4], []],
];

type Binary = readonly [string, (a: Tensor, b: Tensor) => Tensor, (a: number, b: number) => number];

const broadcasting: readonly Binary[] = [
  ['add', tf.add, (x, y) => x + y],
  ['sub', tf.sub, (x, y) => x - y],
  ['mul', tf.mul, (x, y) => x * y],
  ['div', tf.div, (x, y) => x / y],
];

/** tfjs has no gradient for a broadcast operand of these: it throws. */
const sameShapeOnly: readonly Binary[] = [
  ['squaredDifference', tf.squaredDifference, (x, y) => (x - y) ** 2],
  ['maximum', tf.maximum, Math.max],
  ['minimum', tf.minimum, Math.min],
];

const binary: readonly EngineCase[] = pairs.flatMap(([kind, a, b], i) => {
  const inputs = [values(a, 100 + i), values(b, 200 + i, [0.5, 2])] as const;
  const isSame = i === 0;
  return [
    ...broadcasting.map(([name, apply, f]) => two(`${name}, ${kind}`, inputs, apply, f)),
    ...sameShapeOnly.map(([name, apply, f]) => ({
      ...two(`${name}, ${kind}`, inputs, apply, f),
      ...(!isSame && {forwardOnly: true as const}),
    })),
  ];
});

const withNumbers: readonly EngineCase[] = sameShapeOnly.map(([name, apply, f]) =>
  one(
    `${name} with a number`,
    valuesAwayFrom([0.5], some, 250),
    (x) => apply(x, tf.scalar(0.5)),
    (x) => f(x, 0.5),
  ),
);

const chosen = [true, false, false, true, true, false];

const selections: readonly EngineCase[] = [
  {
    name: 'where with a constant mask',
    inputs: [values([2, 3], 300), values([2, 3], 301)],
    apply: (a, b) => tf.where(tf.tensor2d(chosen.map(Number), [2, 3], 'bool'), a, b),
    reference: (a, b) => nd([2, 3], ([i, j]) => (chosen[i! * 3 + j!] ? a : b).data[i! * 3 + j!]!),
  },
  {
    name: 'addN',
    inputs: [values(some, 302), values(some, 303), values(some, 304)],
    apply: (...all) => tf.addN(all),
    reference: (a, b, c) =>
      nd(some, ([i, j]) => a.data[i! * 4 + j!]! + b.data[i! * 4 + j!]! + c.data[i! * 4 + j!]!),
  },
  {
    name: 'cast from whole numbers',
    inputs: [whole([4], [3, -1, 0, 7])],
    apply: (x) => tf.cast(x, 'float32'),
    reference: (x) => x,
    forwardOnly: true,
  },
  {
    name: 'equal, as numbers',
    inputs: [whole([2, 3], [1, 2, 3, 4, 2, 6]), whole([3], [1, 2, 6])],
    apply: (a, b) => tf.cast(tf.equal(a, b), 'float32'),
    reference: (a, b) => broadcast(a, b, (x, y) => Number(x === y)),
    forwardOnly: true,
  },
  {
    name: 'greater, as numbers',
    inputs: [given([2, 2], [1, 2, 3, 4]), given([2], [2, 2])],
    apply: (a, b) => tf.cast(tf.greater(a, b), 'float32'),
    reference: (a, b) => broadcast(a, b, (x, y) => Number(x > y)),
    forwardOnly: true,
  },
  {
    name: 'isFinite, as numbers',
    inputs: [given([4], [1, Infinity, NaN, -Infinity])],
    apply: (x) => tf.cast(tf.isFinite(x), 'float32'),
    reference: (x) => elementwise(x, (value) => Number(Number.isFinite(value))),
    forwardOnly: true,
  },
  {
    name: 'zerosLike',
    inputs: [values(some, 305)],
    apply: (x) => tf.zerosLike(x),
    reference: (x) => elementwise(x, () => 0),
    forwardOnly: true,
  },
  {
    name: 'fill',
    inputs: [values(some, 307)],
    apply: (x) => tf.mul(x, tf.fill([2, ...some], 0.25)),
    reference: (x) =>
      broadcast(
        x,
        nd([2, ...some], () => 0.25),
        (value, share) => value * share,
      ),
  },
  {
    name: 'oneHot of repeated ids',
    inputs: [whole([4], [2, 0, 2, 1])],
    apply: (ids) => tf.oneHot(ids, 3),
    reference: (ids) => nd([4, 3], ([i, j]) => Number(ids.data[i!] === j)),
    forwardOnly: true,
  },
  {
    name: 'reshape, to fewer and to more axes',
    inputs: [values([2, 3, 4], 306)],
    apply: (x) => tf.reshape(tf.reshape(x, [6, -1]), [1, 3, 8]),
    reference: (x) => reshape(x, [1, 3, 8]),
  },
];

export const elementwiseCases: readonly EngineCase[] = [...unary, ...binary, ...withNumbers, ...selections];
