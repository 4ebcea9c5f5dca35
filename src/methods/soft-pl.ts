import {z} from 'zod';
import {defineMethod} from './contract/method.js';
import {
  orderDiffers,
  planGrad,
  pseudoCaptionPairs,
  pseudoCaptionParams,
  pseudoCaptions,
} from './shared/pseudo-captions.js';

/** Soft pseudo-labels, a baseline of the S-CLIP paper: a softmax over the captioned images shares their captions. */
export default defineMethod({
  name: 'soft-pl',
  summary: 'Shares captions among uncaptioned images by a softmax over the similarities of the images.',
  cites: [
    {
      paper: 'arXiv:2305.14095',
      title: 'S-CLIP: Semi-supervised Vision-Language Learning using Few Specialist Captions',
      equations: 'the baseline Soft-PL',
      code: 'https://github.com/alinlab/s-clip',
    },
  ],
  differs:
    'The released code reaches this assignment only inside S-CLIP, with its keyword term; here the caption-level ' +
    'term stands alone. The contrastive term keeps the unpaired images as negatives, as there (unpaired-negatives ' +
    'off leaves them out). Pseudo-labels are constants by default; there gradients run through them (plan-grad ' +
    'through). ' +
    orderDiffers,
  needs: {unpaired: 'images', alike: true},
  claims: ['pseudo-labels'],
  params: z.strictObject({...pseudoCaptionParams, planGrad}),
  formula: {
    pairs: pseudoCaptionPairs,
    terms: {
      caption: {weight: 'captionWeight', value: '1/2 SCE(s Q T^t, G), G = softmax of the rows of s Q I^t'},
    },
  },
  objective({encode, batch: {paired, unpaired}, params}) {
    if (unpaired === null) return {};
    const options = {...params, transport: 'soft'} as const;
    const {pairs, caption} = pseudoCaptions(encode, {paired, unpaired}, options);
    return {pairs, terms: {caption}};
  },
});
