import {defineKnownSet} from '../known-set.js';
import {listedImages} from '../listed-images.js';

/** Textures by the words people use for them; templates of CLIP (OpenAI, MIT). */
export default defineKnownSet({
  name: 'dtd',
  title: 'Describable Textures (test, first split)',
  source: 'https://www.robots.ox.ac.uk/~vgg/data/dtd/ (dtd-r1.0.1.tar.gz)',
  folders: ['dtd'],
  imageFolders: ['test', 'images', '.'],
  read: (root) =>
    listedImages(root, 'labels/test1.txt', (line) => {
      const [label] = line.split('/');
      return label && label !== line ? {file: `images/${line}`, label} : undefined;
    }),
  classes: {count: 47},
  templates: [
    'a photo of a {} texture.',
    'a photo of a {} pattern.',
    'a photo of a {} thing.',
    'a photo of a {} object.',
    'a photo of the {} texture.',
    'a photo of the {} pattern.',
    'a photo of the {} thing.',
    'a photo of the {} object.',
  ],
});
