import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor, Tensor1D} from '@tensorflow/tfjs-core';
import {z} from 'zod';
import {meanEntropy} from '../losses/entropy.js';
import {pairTargetLoss, targetsBothWays} from '../losses/pair-targets.js';
import {cosineShare} from '../losses/share-schedule.js';
import {leastConfidentRows, replaceRows, swapped, teacherTargets} from '../losses/teacher-targets.js';
import {emaUpdate} from '../model/ema-update.js';
import {parameterShapes} from '../model/parameter-shapes.js';
import {defineMethod} from './contract/method.js';
import {once} from './contract/once.js';
import {pairFeatures} from './contract/pair-features.js';

/** CLIP-PSD: progressive self-distillation. A growing share of the pairs takes its targets from a teacher of its own. */
export default defineMethod({
  name: 'clip-psd',
  summary: 'Gives a growing share of the pairs soft targets from a slowly following copy of the model.',
  cites: [
    {
      paper: 'arXiv:2204.04588',
      title: 'Robust Cross-Modal Representation Learning with Progressive Self-Distillation',
    },
  ],
  differs:
    'Reconstructed: no code was released, and the schedule is ours. The teacher is a moving average of the weights ' +
    'with the logit scale of the model before the run, since a teacher equal to its student teaches nothing ' +
    '(teacher self is the paper’s). Teacher and student see the same view. At most 30 % of the pairs are soft, ' +
    'because few captions are mostly right.',
  needs: {},
  claims: ['pairs'],
  params: z.strictObject({
    teacher: z
      .enum(['ema', 'self'])
      .default('ema')
      .describe('a moving average of the weights, or the model itself'),
    momentum: z.number().min(0).max(1).default(0.999).describe('how slowly the average follows'),
    targets: z
      .enum(['direct', 'swapped'])
      .default('direct')
      .describe('which of its directions the teacher gives to images: image to text, or text to image'),
    select: z
      .enum(['random', 'low-confidence'])
      .default('random')
      .describe('pairs that are soft: any, or those that the teacher finds least likely'),
    shareStart: z.number().min(0).max(1).default(0).describe('share of soft pairs at the first step'),
    shareEnd: z.number().min(0).max(1).default(0.3).describe('share of soft pairs at the last step'),
  }),
  formula: {
    pairs: {
      contrastive: {
        weight: 1,
        value:
          '1/2 [SCE(s I T^t, P) + SCE(s T I^t, P’)], P = diag, of a share of the rows the teacher’s softmax',
      },
    },
  },
  state({config, params, start}) {
    const scale = {scale: start['logit_scale']!};
    if (params.teacher === 'self') return scale;
    const names = Object.keys(parameterShapes(config));
    return {...scale, ...Object.fromEntries(names.map((name) => [`${averagePrefix}${name}`, start[name]!]))};
  },
  schedule: ({step, steps}, {shareStart, shareEnd}) => ({
    share: cosineShare({start: shareStart, end: shareEnd}, steps === 1 ? 1 : step / (steps - 1)),
  }),
  objective({encode, encodersOf, weights, state, scalars, batch: {paired}, params}) {
    const average = Object.fromEntries(
      Object.entries(state).flatMap(([name, value]) =>
        name.startsWith(averagePrefix) ? [[name.slice(averagePrefix.length), value]] : [],
      ),
    );
    const taught = once(() => {
      const teacher = params.teacher === 'self' ? encode : encodersOf(average);
      return teacherTargets(pairFeatures(teacher, paired), tf.exp(state['scale'] as Scalar));
    });
    const contrastive = () => {
      const soft = taught();
      const n = paired.images.shape[0];
      // the share comes in float32: a hair more, so that 0.3 of 10 is 3
      const count = tf.floor(tf.add<Scalar>(tf.mul(scalars['share']!, n), 1e-4));
      const rows =
        params.select === 'random' ? firstRows(n, count) : leastConfidentRows(soft.imageToText, count);
      const hard = targetsBothWays(tf.eye(n), (positives) => positives);
      const targets = replaceRows(hard, params.targets === 'direct' ? soft : swapped(soft), rows);
      return pairTargetLoss(pairFeatures(encode, paired), encode.scale, targets);
    };
    const followed = Object.entries(average).map(([name, value]) => [
      `${averagePrefix}${name}`,
      () => emaUpdate({[name]: value}, weights, params.momentum)[name]!,
    ]);
    return {
      pairs: {contrastive: {weight: 1, value: contrastive}},
      logged: {teacherEntropy: () => meanEntropy(taught().imageToText)},
      state: Object.fromEntries(followed) as Record<string, () => Tensor>,
    };
  },
});

const averagePrefix = 'average.';

/** 1 for the first `count` of n pairs: the order of a batch is random, so these are any. */
function firstRows(n: number, count: Scalar): Tensor1D {
  return tf.step(tf.sub<Tensor1D>(count, tf.tensor1d(Array.from({length: n}, (_, i) => i))));
}
