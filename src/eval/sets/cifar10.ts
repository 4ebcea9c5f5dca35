import {binaryImages} from '../binary-images.js';
import {classTable} from '../class-table.js';
import {defineKnownSet} from '../known-set.js';

/** Classes in the order of their numbers, with the templates of CLIP (OpenAI, MIT). */
const names = classTable(`
  airplane airplane; automobile automobile; bird bird; cat cat; deer deer; dog dog; frog frog;
  horse horse; ship ship; truck truck
`);

export default defineKnownSet({
  name: 'cifar10',
  title: 'CIFAR-10 (test)',
  source: 'https://www.cs.toronto.edu/~kriz/cifar.html (the binary version, cifar-10-binary.tar.gz)',
  folders: ['cifar10', 'cifar-10', 'cifar-10-batches-bin'],
  imageFolders: ['test', '.'],
  // bytes in front of the pixels: the class
  read: (root) => binaryImages(root, 'test_batch.bin', {labelBytes: 1, labels: Object.keys(names)}),
  classes: {count: 10, names},
  templates: [
    'a photo of a {}.',
    'a blurry photo of a {}.',
    'a black and white photo of a {}.',
    'a low contrast photo of a {}.',
    'a high contrast photo of a {}.',
    'a bad photo of a {}.',
    'a good photo of a {}.',
    'a photo of a small {}.',
    'a photo of a big {}.',
    'a photo of the {}.',
    'a blurry photo of the {}.',
    'a black and white photo of the {}.',
    'a low contrast photo of the {}.',
    'a high contrast photo of the {}.',
    'a bad photo of the {}.',
    'a good photo of the {}.',
    'a photo of the small {}.',
    'a photo of the big {}.',
  ],
});
