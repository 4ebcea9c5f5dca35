import {defineKnownSet} from '../known-set.js';
import {listedImages} from '../listed-images.js';

/** Dishes as the folders name them; template of CLIP (OpenAI, MIT). */
export default defineKnownSet({
  name: 'food101',
  title: 'Food-101 (test)',
  source: 'https://data.vision.ee.ethz.ch/cvl/datasets_extra/food-101/ (food-101.tar.gz)',
  folders: ['food101', 'food-101'],
  imageFolders: ['test', 'images', '.'],
  read: (root) =>
    listedImages(root, 'meta/test.txt', (line) => {
      const [label] = line.split('/');
      return label && label !== line ? {file: `images/${line}.jpg`, label} : undefined;
    }),
  classes: {count: 101},
  templates: ['a photo of {}, a type of food.'],
});
