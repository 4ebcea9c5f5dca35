import {z} from 'zod';
import {crossModalConsistency, inModalConsistency} from '../losses/consistency.js';
import {defineMethod} from './contract/method.js';
import {pairFeatures} from './contract/pair-features.js';

/** CyCLIP: geometry within and across the two modalities is kept consistent. */
export default defineMethod({
  name: 'cyclip',
  summary: 'Keeps distances between images like those of their captions, and cross distances symmetric.',
  cites: [
    {
      paper: 'arXiv:2205.14459',
      title: 'CyCLIP: Cyclic Contrastive Language-Image Pretraining',
      equations: 'section 3',
    },
  ],
  differs: 'Written from the formulas; the option with augmented views of images and captions is left out.',
  needs: {},
  params: z.strictObject({
    inModalWeight: z.number().min(0).default(0.25).describe('weight of the in-modal consistency'),
    crossModalWeight: z.number().min(0).default(0.25).describe('weight of the cross-modal consistency'),
    consistencyNorm: z
      .enum(['n', 'n2'])
      .default('n')
      .describe('what the sums are divided by: n, which grows with the batch, or n squared'),
  }),
  formula: {
    terms: {
      inModal: {weight: 'inModalWeight', value: '1/n sum_ij (I_i . I_j - T_i . T_j)^2'},
      crossModal: {weight: 'crossModalWeight', value: '1/n sum_ij (I_i . T_j - I_j . T_i)^2'},
    },
  },
  objective({encode, batch: {paired}, params}) {
    const pairs = () => pairFeatures(encode, paired);
    const factor = params.consistencyNorm === 'n' ? paired.images.shape[0] : 1;
    return {
      terms: {
        inModal: {weight: params.inModalWeight, value: () => inModalConsistency(pairs(), factor)},
        crossModal: {weight: params.crossModalWeight, value: () => crossModalConsistency(pairs(), factor)},
      },
    };
  },
});
