import {z} from 'zod';
import {defineMethod} from './contract/method.js';

/** Supervised fine-tuning with CLIP's own loss on the captioned images: the baseline of every other method. */
export default defineMethod({
  name: 'clip',
  summary: 'Fine-tunes on the captioned images alone, with the contrastive loss of CLIP.',
  cites: [
    {
      paper: 'arXiv:2103.00020',
      title: 'Learning Transferable Visual Models From Natural Language Supervision',
      equations: 'figure 3',
      code: 'https://github.com/mlfoundations/open_clip',
    },
  ],
  differs: 'nothing known',
  needs: {},
  params: z.strictObject({}),
  // the loss on the pairs is CLIP's wherever a method says nothing else
  formula: {},
});
