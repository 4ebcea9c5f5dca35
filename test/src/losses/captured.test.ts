import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor, Tensor1D, Tensor2D, Tensor3D} from '@tensorflow/tfjs-core';
import {beforeAll, expect, it} from 'vitest';
import {startEngine} from '../../../src/engine/backend.js';
import {compileStep} from '../../../src/engine/compile.js';
import type {CompileOptions, HostArray, Step, Tensors} from '../../../src/engine/step.js';
import {anchorPenalty} from '../../../src/losses/anchor-penalty.js';
import {pseudoConcepts} from '../../../src/losses/concept-targets.js';
import {crossModalConsistency, inModalConsistency} from '../../../src/losses/consistency.js';
import {meanEntropy} from '../../../src/losses/entropy.js';
import {smoothL1, whiten} from '../../../src/losses/feature-distillation.js';
import {lpPlusPlusLogits, tipAdapterLogits} from '../../../src/losses/few-shot-logits.js';
import {lateInteractionLoss, promptEnsemble} from '../../../src/losses/late-interaction.js';
import {maskedTokenLoss} from '../../../src/losses/masked-token.js';
import {nearestNeighbours} from '../../../src/losses/nearest-neighbour.js';
import {ntXentLoss} from '../../../src/losses/nt-xent.js';
import {oneWayContrastiveLoss} from '../../../src/losses/one-way-contrastive.js';
import {
  negativesSmoothing,
  pairTargetLoss,
  targetsBothWays,
  uniformSmoothing,
} from '../../../src/losses/pair-targets.js';
import {logSelfSimilarity} from '../../../src/losses/self-similarity.js';
import {siglipLoss} from '../../../src/losses/siglip.js';
import {outputSpread, simSiamLoss} from '../../../src/losses/simsiam.js';
import {softCrossEntropy} from '../../../src/losses/soft-cross-entropy.js';
import {negativesAlignmentLoss, softAlignmentLoss} from '../../../src/losses/softclip.js';
import {
  leastConfidentRows,
  replaceRows,
  swapped,
  teacherTargets,
} from '../../../src/losses/teacher-targets.js';
import {keepTokens, tokenScores} from '../../../src/losses/token-selection.js';
import {emaUpdate} from '../../../src/model/ema-update.js';
import {lowRankUpdate} from '../../../src/model/low-rank.js';
import {unitRows} from '../../../src/model/unit-rows.js';
import {expectClose} from '../../support/expect-close.js';
import {randomMatrix} from '../../support/random-features.js';

beforeAll(async () => {
  await startEngine('tensorflow');
});

const [n, d] = [4, 6];
const matrix = (rows: number, columns: number, seed: number): HostArray => ({
  shape: [rows, columns],
  data: Float32Array.from(randomMatrix(rows, columns, seed).flat()),
});

const weights = {
  images: matrix(n, d, 1),
  texts: matrix(n, d, 2),
  patches: matrix(n * 5, d, 3),
  words: matrix(n * 4, d, 4),
  vocabulary: matrix(9, d, 5),
  down: matrix(2, d, 6),
  up: matrix(d, 2, 7),
  blend: {shape: [n], data: Float32Array.of(1, 2, 3, 4)},
  bias: {shape: [], data: Float32Array.of(-3)},
  tau: {shape: [], data: Float32Array.of(2.5)},
};

const batch = {
  mask: {shape: [n, 4], data: Float32Array.of(1, 1, 1, 1, 1, 1, 0, 0, 1, 0, 0, 0, 1, 1, 1, 0)},
  other: matrix(n, d, 8),
  labels: {shape: [n], data: Int32Array.of(3, -1, 0, 8)},
};

const items = (rows: Tensor2D, count: number): Tensor3D =>
  tf.reshape(rows, [rows.shape[0] / count, count, d]);

/** Every primitive once, as terms of one step. */
function termsOf(of: Tensors, {mask, other, labels}: Tensors, teacher: Tensor): Record<string, () => Scalar> {
  const unit = (name: string) => unitRows(of[name] as Tensor2D);
  const pairs = {images: unit('images'), texts: unit('texts')};
  const scale: Scalar = tf.exp(of['tau'] as Scalar);
  const [patches, words] = [items(unit('patches'), 5), items(unit('words'), 4)];
  const textMask = mask as Tensor2D;
  const views = unitRows(other as Tensor2D);
  const soft = teacherTargets({images: views, texts: unitRows(teacher as Tensor2D)}, 10);
  const logSimilarity = {
    imageToText: logSelfSimilarity(views, 14),
    textToImage: logSelfSimilarity(pairs.texts, scale),
  };
  const alignment = {pairs, scale, logSimilarity};
  const concepts: Tensor2D = tf.matMul(pairs.images, of['vocabulary'] as Tensor2D, false, true);
  const classifier = {weights: of['images'] as Tensor2D, bias: of['blend'] as Tensor1D};
  return {
    negatives: () =>
      pairTargetLoss(
        pairs,
        scale,
        targetsBothWays(tf.eye(n), (p) => negativesSmoothing(p, 0.2)),
      ),
    uniform: () =>
      pairTargetLoss(
        pairs,
        scale,
        targetsBothWays(tf.eye(n), (p) => uniformSmoothing(p, 0.2)),
      ),
    teacher: () => pairTargetLoss(pairs, scale, swapped(soft)),
    someRows: () => {
      const hard = {imageToText: tf.eye(n), textToImage: tf.eye(n)};
      const rows = leastConfidentRows(soft.imageToText, tf.scalar(2));
      return pairTargetLoss(pairs, scale, replaceRows(hard, soft, rows));
    },
    entropy: () => meanEntropy(tf.softmax(concepts)),
    softAlignment: () => softAlignmentLoss(alignment, 0.3, 'mean'),
    jensenShannon: () => softAlignmentLoss(alignment, 0.3, 'js'),
    negativesAlignment: () => negativesAlignmentLoss(alignment, 'sum'),
    late: () => {
      const scores = tokenScores(patches, {tokens: words, mask: textMask});
      const kept = keepTokens({tokens: patches, mask: tf.ones([n, 5])}, scores, 0.5);
      return lateInteractionLoss({images: kept.tokens, texts: words, textMask}, scale);
    },
    prompts: () => tf.sum(promptEnsemble(concepts, [[0, 1], [2]])),
    distillation: () => smoothL1(patches, whiten(tf.mul(patches, 2)), {beta: 2, mask: tf.ones([n, 5])}),
    inModal: () => inModalConsistency(pairs),
    crossModal: () => crossModalConsistency(pairs, 1),
    siglip: () => siglipLoss(pairs, scale, of['bias'] as Scalar),
    simSiam: () => simSiamLoss({predictions: [pairs.images, pairs.texts], projections: [views, views]}),
    ntXent: () => ntXentLoss(pairs.images, views, 0.1),
    spread: () => outputSpread(pairs.images),
    neighbours: () => {
      const bank = {rows: views, excluded: tf.eye(n)};
      return oneWayContrastiveLoss(pairs.images, nearestNeighbours(pairs.texts, bank), scale);
    },
    maskedTokens: () => maskedTokenLoss(concepts, labels as Tensor1D),
    pseudoConcepts: () => softCrossEntropy(concepts, pseudoConcepts(concepts, 3)),
    tip: () =>
      tf.sum(tipAdapterLogits(pairs.images, {keys: unit('texts'), values: views}, {alpha: 1, beta: 5.5})),
    lpPlusPlus: () => {
      const probe = {...classifier, blend: of['blend'] as Tensor1D};
      return tf.mean(tf.square(lpPlusPlusLogits(pairs.images, pairs.texts, probe)));
    },
    anchor: () => anchorPenalty(of['images']!, other!),
    lowRank: () =>
      tf.mean(tf.square(lowRankUpdate({down: of['down'] as Tensor2D, up: of['up'] as Tensor2D}, 0.5))),
  };
}

const step: Step = (of, state, fed) => {
  const next = emaUpdate({teacher: state['teacher']!}, {teacher: of['texts']!}, 0.9);
  const terms = Object.fromEntries(
    Object.entries(termsOf(of, fed, next['teacher']!)).map(([name, value]) => [name, value()]),
  );
  return {loss: tf.addN(Object.values(terms)), terms, state: next};
};

const options: CompileOptions = {
  weights,
  trained: new Set(Object.keys(weights)),
  decayed: new Set(),
  state: {teacher: matrix(n, d, 9)},
  optimizer: {beta1: 0.9, beta2: 0.98, epsilon: 1e-6, weightDecay: 0},
  clamped: {},
};

it('every primitive can be captured as a graph, with the numbers of running it operation by operation', () => {
  const [captured, eager] = [true, false].map((capture) => {
    const compiled = compileStep(step, options, {capture});
    const numbers = [1, 2].map((at) => compiled.run(batch, {learningRate: 0.01, step: at}));
    const held = ['weights/images', 'weights/patches', 'weights/vocabulary', 'state/teacher'].map(
      (name) => compiled.read(name).data,
    );
    compiled.dispose();
    return {numbers, held};
  }) as [Outcome, Outcome];
  for (const at of [0, 1]) {
    const [got, want] = [captured.numbers[at]!, eager.numbers[at]!];
    expect(Object.keys(got.terms)).toEqual(Object.keys(want.terms));
    expectClose(Object.values(got.terms), Object.values(want.terms));
    expectClose([got.loss, got.gradientNorm], [want.loss, want.gradientNorm]);
  }
  captured.held.forEach((values, i) => expectClose(values, eager.held[i]!));
});

interface Outcome {
  readonly numbers: ReturnType<ReturnType<typeof compileStep>['run']>[];
  readonly held: HostArray['data'][];
}
