import * as tf from '@tensorflow/tfjs-core';
import type {Tensor2D} from '@tensorflow/tfjs-core';
import {z} from 'zod';
import {softCrossEntropy} from '../losses/soft-cross-entropy.js';
import {defineMethod, type Encoders} from './contract/method.js';
import {contextLength, withContext} from './shared/learned-context.js';
import type {TokenTensors} from '../model/text-tower.js';

/** CoOp: the words before the names of the classes are learned, everything else is frozen. */
export default defineMethod({
  name: 'coop',
  summary: 'Learns the words before the names of the classes, and nothing else.',
  cites: [
    {
      paper: 'arXiv:2109.01134',
      title: 'Learning to Prompt for Vision-Language Models',
      equations: 'equations 2 and 3',
      code: 'https://github.com/KaiyangZhou/CoOp',
    },
  ],
  differs:
    'Trained by the AdamW of the run; there by SGD at a rate of 0.002 over 200 epochs. One context serves all ' +
    'classes, in front of their names. The weights of the classes are saved beside the model, which itself stays as it ' +
    'was; for classes that were not trained the context is known to lose to plain prompts (arXiv:2203.05557).',
  needs: {classes: true},
  claims: ['pairs', 'weights', 'head'],
  params: z.strictObject({
    contextLength: z
      .int()
      .min(1)
      .max(64)
      .default(16)
      .describe('learned words before the name of a class; at most half of what the text tower takes'),
  }),
  formula: {
    pairs: {
      classes: {
        weight: 1,
        value:
          'SCE(s I N^t, Y), N = embeddings of the learned words and the name of each class, Y = the classes of I',
      },
    },
  },
  trains: () => false,
  extras: ({config, params}) => ({
    context: {
      shape: [contextLength(config, params.contextLength), config.text.width],
      initial: {kind: 'normal', deviation: 0.02},
    },
  }),
  objective({config, encode, extras, batch: {paired, classes}}) {
    const loss = () => {
      const weights = classEmbeddings(encode, classes.names, {
        context: extras['context'] as Tensor2D,
        longest: config.text.contextLength,
      });
      const cosines: Tensor2D = tf.matMul(encode.images(paired.images), weights, false, true);
      return softCrossEntropy(tf.mul(encode.scale, cosines), classes.labels);
    };
    return {pairs: {classes: {weight: 1, value: loss}}};
  },
  solve({config, classes, ofNames}) {
    const longest = config.text.contextLength;
    const weights = ofNames((encode, names, extras) =>
      tf.mul(encode.scale, classEmbeddings(encode, names, {context: extras['context'] as Tensor2D, longest})),
    );
    return {head: {weights, bias: {shape: [classes], data: new Float32Array(classes)}}};
  },
});

/** [c, d], rows of unit length. */
function classEmbeddings(
  encode: Encoders,
  names: TokenTensors,
  learned: Parameters<typeof withContext>[2],
): Tensor2D {
  return encode.wordRows(withContext(encode, names, learned));
}
