import {defineKnownSet} from '../known-set.js';
import {listedImages} from '../listed-images.js';

/** Scenes as the folders name them; templates of CLIP (OpenAI, MIT). */
export default defineKnownSet({
  name: 'sun397',
  title: 'SUN397 (test, first split)',
  source:
    'https://vision.princeton.edu/projects/2010/SUN/ (SUN397.tar.gz, with Testing_01.txt of Partitions.zip inside)',
  folders: ['sun397', 'SUN397'],
  imageFolders: ['test', '.'],
  // `/a/apartment_building/outdoor/sun_aafyt.jpg`: the letter in front is no part of the class
  read: (root) =>
    listedImages(root, 'Testing_01.txt', (line) => {
      const [, file, label] = /^\/(\w\/(.+)\/[^/]+)$/.exec(line) ?? [];
      return file && label ? {file, label} : undefined;
    }),
  classes: {count: 397},
  templates: ['a photo of a {}.', 'a photo of the {}.'],
});
