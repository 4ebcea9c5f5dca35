import {z} from 'zod';
import {pairTargetLoss} from '../losses/pair-targets.js';
import {pseudoLabelLoss} from '../losses/pseudo-label.js';
import {teacherTargets} from '../losses/teacher-targets.js';
import {defineMethod} from './contract/method.js';

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
    const texts = () => encode.texts(paired.captions);
    const startTexts = () => start.texts(paired.captions);
    const distill = () => {
      const teacher = {images: start.images(paired.images), texts: startTexts()};
      const pairs = {images: encode.images(paired.images), texts: texts()};
      return pairTargetLoss(pairs, encode.scale, teacherTargets(teacher, start.scale));
    };
    const terms = {distill: {weight: params.distillWeight, value: distill}};
    if (unpaired === null) return {terms};
    const apart = () => {
      const queries = encode.images(unpaired.images);
      const teacher = {images: start.images(unpaired.images), texts: startTexts()};
      const {imageToText} = teacherTargets(teacher, start.scale);
      return pseudoLabelLoss({queries, texts: texts()}, encode.scale, imageToText);
    };
    return {terms: {...terms, unpaired: {weight: params.unpairedWeight, value: apart}}};
  },
});
