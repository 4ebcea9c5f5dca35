import {z} from 'zod';
import {candidateSets, keywordTargets} from '../losses/partial-label.js';
import {pseudoLabelLoss} from '../losses/pseudo-label.js';
import {defineMethod} from './contract/method.js';
import {
  orderDiffers,
  planGrad,
  pseudoCaptionPairs,
  pseudoCaptionParams,
  pseudoCaptions,
} from './shared/pseudo-captions.js';

/**
 * S-CLIP: optimal transport between the images of a batch carries captions over to the uncaptioned ones, and the
 * keywords in the caption of the nearest captioned image are their partial labels.
 */
export default defineMethod({
  name: 's-clip',
  summary: 'Transports captions to uncaptioned images, and learns from the keywords of the nearest caption.',
  cites: [
    {
      paper: 'arXiv:2305.14095',
      title: 'S-CLIP: Semi-supervised Vision-Language Learning using Few Specialist Captions',
      code: 'https://github.com/alinlab/s-clip',
    },
  ],
  differs:
    'Follows the released code, with six differences. Candidate keywords share their label by a softmax of their ' +
    'similarities by default; there by the ratio of cosines, which is negative or large when cosines differ in sign ' +
    '(keyword-target ratio). The plan is a constant by default; there gradients run ' +
    'through it (plan-grad through). Transport is solved in the log domain, so that nothing underflows; there half ' +
    'precision can end in a row softmax (transport soft). Text assignment compares with captions; there it ignored ' +
    'them. Gradients are those of the whole batch on one device; there each further device adds weight to the ' +
    'keyword embeddings. ' +
    orderDiffers,
  needs: {unpaired: 'images', alike: true, keywords: true},
  claims: ['pseudo-labels'],
  params: z.strictObject({
    transport: z
      .enum(['ot', 'soft', 'hard'])
      .default('ot')
      .describe('caption pseudo-labels: optimal transport, row softmax, or the nearest caption alone'),
    ...pseudoCaptionParams,
    planGrad,
    transportIters: z.int().min(1).max(1000).default(10).describe('Sinkhorn iterations of the transport'),
    transportReg: z
      .union([z.literal('auto'), z.number().positive()], {
        error: ({input}) => `expected auto or a number > 0, got ${JSON.stringify(input)}`,
      })
      .default('auto')
      .describe('entropic regularisation of the transport; auto is 1 / logit scale'),
    keywordWeight: z.number().min(0).default(1).describe('weight of the keyword-level term'),
    keywordTarget: z
      .enum(['ratio', 'softmax'])
      .default('softmax')
      .describe('how candidate keywords share a label: by softmax, or by ratio of cosines as published'),
  }),
  formula: {
    pairs: pseudoCaptionPairs,
    terms: {
      caption: {
        weight: 'captionWeight',
        value:
          '1/2 SCE(s Q T^t, G), G = rows of the Sinkhorn plan between Q and I, cost 1 - Q I^t, regularisation 1/s',
      },
      keyword: {
        weight: 'keywordWeight',
        value: '1/2 SCE(s Q W^t, R), R = shares of Q W^t over the keywords in the caption of arg-max G',
      },
    },
  },
  objective({encode, batch: {paired, unpaired, keywords}, params}) {
    if (unpaired === null) return {};
    const {pairs, caption, queries, plan} = pseudoCaptions(encode, {paired, unpaired}, params);
    if (keywords === null) return {pairs, terms: {caption}};
    const keyword = () => {
      const features = {queries: queries(), texts: encode.texts(keywords.tokens)};
      const candidates = candidateSets(plan(), keywords.labels);
      const inputs = {queries: features.queries, words: features.texts, scale: encode.scale, candidates};
      return pseudoLabelLoss(features, encode.scale, keywordTargets(inputs, params.keywordTarget));
    };
    return {pairs, terms: {caption, keyword: {weight: params.keywordWeight, value: keyword}}};
  },
});
