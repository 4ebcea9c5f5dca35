import {z} from 'zod';
import {averageWeights} from '../model/weight-average.js';
import {defineMethod} from './contract/method.js';

/** WiSE-FT: the average of the weights before and after a run. Beside any method: it keeps what training forgets. */
export default defineMethod({
  name: 'wise-ft',
  summary: 'Averages the weights before and after training, so that less is forgotten.',
  cites: [
    {
      paper: 'arXiv:2109.01903',
      title: 'Robust fine-tuning of zero-shot models',
      equations: 'section 3, equation 1',
      code: 'https://github.com/mlfoundations/wise-ft',
    },
  ],
  differs:
    'The logit scale is averaged like every other weight, and so are the running statistics of batch norm, which ' +
    'the average of two ResNets would need anew.',
  needs: {},
  params: z.strictObject({
    alpha: z
      .number()
      .min(0)
      .max(1)
      .default(0.5)
      .describe('share of the trained weights: 0 is the model before, 1 the trained one'),
  }),
  formula: {},
  finish: ({start, trained, params: {alpha}}) => averageWeights(start, trained, alpha),
});
