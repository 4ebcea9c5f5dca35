import {z} from 'zod';
import {pairTargetLoss} from '../losses/pair-targets.js';
import {pseudoLabelLoss} from '../losses/pseudo-label.js';
import {teacherTargets} from '../losses/teacher-targets.js';
import {defineMethod} from './contract/method.js';
import {pairFeatures} from './contract/pair-features.js';

/** Distillation from the model before the run, frozen: what it made of a batch must not be forgotten. */
export default defineMethod({
  name: 'distill',
  summary: 'Keeps the similarities of a batch near those of the model before the run, captioned or not.',
  cites: [
    {
      paper: 'arXiv:2307.12732',
      title: 'CLIP-KD: An Empirical Study of CLIP Model Distillation',
      code: 'https://github.com/mlfoundations/open_clip',
    },
  ],
  differs:
    'The teacher is the model before the run, so that the term protects what it knew; there it is a larger model. ' +
    'Images without captions are compared with the captions of the batch, too. Teacher and student see the same view.',
  needs: {unpaired: 'images', start: true},
  params: z.strictObject({
    distillWeight: z.number().min(0).default(1).describe('weight of the term over captioned images'),
    unpairedWeight: z.number().min(0).default(1).describe('weight of the term over uncaptioned images'),
  }),
  formula: {
    terms: {
      distill: {
        weight: 'distillWeight',
        value: '1/2 [SCE(s I T^t, softmax(s0 I0 T0^t)) + SCE(s T I^t, softmax(s0 T0 I0^t))]',
      },
      unpaired: {weight: 'unpairedWeight', value: '1/2 SCE(s Q T^t, softmax(s0 Q0 T0^t))'},
    },
  },
  objective({encode, start, batch: {paired, unpaired}, params}) {
    const distill = () => {
      const targets = teacherTargets(pairFeatures(start, paired), start.scale);
      return pairTargetLoss(pairFeatures(encode, paired), encode.scale, targets);
    };
    const terms = {distill: {weight: params.distillWeight, value: distill}};
    if (unpaired === null) return {terms};
    const apart = () => {
      // images of the one set beside the captions of the other
      const mixed = {images: unpaired.images, captions: paired.captions};
      const {imageToText} = teacherTargets(pairFeatures(start, mixed), start.scale);
      const {images: queries, texts} = pairFeatures(encode, mixed);
      return pseudoLabelLoss({queries, texts}, encode.scale, imageToText);
    };
    return {terms: {...terms, unpaired: {weight: params.unpairedWeight, value: apart}}};
  },
});
