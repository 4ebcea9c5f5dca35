import * as tf from '@tensorflow/tfjs-core';
import type {Tensor, Tensor2D} from '@tensorflow/tfjs-core';
import {z} from 'zod';
import type {ClipConfig} from '../model/clip-config.js';
import {loraScale, lowRankUpdate} from '../model/low-rank.js';
import {defineMethod, type ExtraWeight} from './contract/method.js';

/** CLIP-LoRA: low-rank updates of the attention's projections train, everything else is frozen. Merged on save. */
export default defineMethod({
  name: 'lora',
  summary:
    'Trains low-rank updates of the attention projections alone; they are merged into the saved model.',
  cites: [
    {paper: 'arXiv:2106.09685', title: 'LoRA: Low-Rank Adaptation of Large Language Models'},
    {
      paper: 'arXiv:2405.18541',
      title: 'Low-Rank Few-Shot Adaptation of Vision-Language Models',
      equations: 'section 4',
      code: 'https://github.com/MaxZanella/CLIP-LoRA',
    },
  ],
  differs:
    'Trains on captions with the terms of the run; there on class names with cross-entropy. There is no dropout on ' +
    'the inputs of the updates. The logit scale is frozen at that of the model; there at 100. Of a ResNet the text ' +
    'tower alone is updated.',
  needs: {},
  claims: ['weights'],
  params: z.strictObject({
    rank: z.int().min(1).max(256).default(2).describe('rank of each update'),
    loraAlpha: z.number().positive().default(1).describe('strength of the updates'),
    scaling: z
      .enum(['root', 'rank'])
      .default('root')
      .describe('what the strength is divided by: the root of the rank as in CLIP-LoRA, or the rank'),
    towers: z.enum(['both', 'image', 'text']).default('both').describe('towers that are updated'),
    projections: z
      .enum(['q', 'k', 'v', 'qk', 'qv', 'kv', 'qkv'])
      .default('qkv')
      .describe('projections that are updated: queries, keys, values'),
  }),
  formula: {},
  trains: () => false,
  extras({config, params}) {
    const factors = blocks(config, params.towers).flatMap(({block, width}) =>
      [...params.projections].flatMap((projection): [string, ExtraWeight][] => [
        [
          `${block}.${projection}.down`,
          {shape: [params.rank, width], initial: {kind: 'uniform', bound: width ** -0.5}},
        ],
        [`${block}.${projection}.up`, {shape: [width, params.rank], initial: {kind: 'constant', value: 0}}],
      ]),
    );
    return Object.fromEntries(factors);
  },
  reweight({config, params, weights, extras}) {
    const scale = loraScale(params.loraAlpha, params.rank, params.scaling);
    const changed = blocks(config, params.towers).map(({block, width}): [string, Tensor] => {
      const updates = [...'qkv'].map((projection): Tensor2D => {
        const [down, up] = ['down', 'up'].map((factor) => extras[`${block}.${projection}.${factor}`]);
        if (down === undefined || up === undefined) return tf.zeros([width, width]);
        return lowRankUpdate({down: down as Tensor2D, up: up as Tensor2D}, scale);
      });
      const name = `${block}.attn.in_proj_weight`;
      return [name, tf.add(weights[name]!, tf.concat2d(updates, 0))];
    });
    return Object.fromEntries(changed);
  },
});

/** The attention blocks of the towers that are transformers. */
function blocks(
  {vision, text}: ClipConfig,
  towers: 'both' | 'image' | 'text',
): {readonly block: string; readonly width: number}[] {
  const stack = (prefix: string, {layers, width}: {readonly layers: number; readonly width: number}) =>
    Array.from({length: layers}, (_, i) => ({block: `${prefix}.resblocks.${i}`, width}));
  return [
    ...(towers !== 'text' && vision.kind === 'vit' ? stack('visual.transformer', vision) : []),
    ...(towers !== 'image' ? stack('transformer', text) : []),
  ];
}
