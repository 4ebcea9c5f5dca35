import {z} from 'zod';
import {towerOf} from '../model/tower-weights.js';
import {defineMethod} from './contract/method.js';

/** Locked-image tuning: one tower stays as it is, the other learns to fit it. */
export default defineMethod({
  name: 'lit',
  summary: 'Locks one tower and trains the other with the contrastive loss of CLIP.',
  cites: [
    {
      paper: 'arXiv:2111.07991',
      title: 'LiT: Zero-Shot Transfer with Locked-image text Tuning',
      code: 'https://github.com/google-research/big_vision',
    },
  ],
  differs:
    'Both towers start pre-trained. Where images look unlike those of the pre-training, a locked image tower caps ' +
    'what can be gained: then lock the text tower (locked text).',
  needs: {},
  claims: ['weights'],
  params: z.strictObject({
    locked: z.enum(['image', 'text']).default('image').describe('the tower that stays as it is'),
  }),
  formula: {},
  trains: (name, {locked}) => towerOf(name) !== locked,
});
