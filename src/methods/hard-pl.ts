import {z} from 'zod';
import {defineMethod} from './contract/method.js';
import {pseudoCaptionParams, pseudoCaptions} from './shared/pseudo-captions.js';
import {supervisedTerm} from './shared/supervised.js';

/** Hard pseudo-labels, a baseline of the S-CLIP paper: every uncaptioned image takes the caption of its nearest. */
export default defineMethod({
  name: 'hard-pl',
  summary: 'Gives every uncaptioned image the caption of the most similar captioned image.',
  cites: [
    {
      paper: 'arXiv:2305.14095',
      title: 'S-CLIP: Semi-supervised Vision-Language Learning using Few Specialist Captions',
      equations: 'the baseline Hard-PL',
      code: 'https://github.com/alinlab/s-clip',
    },
  ],
  differs:
    'The released code reaches this assignment only inside S-CLIP, with its keyword term; here the caption-level ' +
    'term stands alone. The contrastive term keeps the unpaired images as negatives, as there (unpaired-negatives ' +
    'off leaves them out). Text assignment compares with captions; there it ignored them.',
  needs: {unpaired: 'images'},
  params: z.strictObject(pseudoCaptionParams),
  formula: {
    contrastive: {weight: 1, value: '1/2 [CE(s I T^t, diag) + CE(s T [I; Q]^t, diag)]'},
    caption: {
      weight: 'captionWeight',
      value: '1/2 SCE(s Q T^t, G), G = one-hot arg-max of the rows of Q I^t',
    },
  },
  objective({encode, batch: {paired, unpaired}, params}) {
    if (unpaired === null) return {terms: {contrastive: supervisedTerm(encode, paired)}};
    const options = {...params, transport: 'hard', planGrad: 'stop'} as const;
    return {terms: pseudoCaptions(encode, {paired, unpaired}, options).terms};
  },
});
