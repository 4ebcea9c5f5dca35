import {z} from 'zod';
import {defineMethod} from './contract/method.js';
import {
  orderDiffers,
  pseudoCaptionParams,
  pseudoCaptions,
  pseudoCaptionPairs,
} from './shared/pseudo-captions.js';

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
    'off leaves them out). Text assignment compares with captions; there it ignored them. ' +
    orderDiffers,
  needs: {unpaired: 'images', alike: true},
  claims: ['pseudo-labels'],
  params: z.strictObject(pseudoCaptionParams),
  formula: {
    pairs: pseudoCaptionPairs,
    terms: {
      caption: {
        weight: 'captionWeight',
        value: '1/2 SCE(s Q T^t, G), G = one-hot arg-max of the rows of Q I^t',
      },
    },
  },
  objective({encode, batch: {paired, unpaired}, params}) {
    if (unpaired === null) return {};
    const options = {...params, transport: 'hard', planGrad: 'stop'} as const;
    const {pairs, caption} = pseudoCaptions(encode, {paired, unpaired}, options);
    return {pairs, terms: {caption}};
  },
});
