import {defineKnownSet} from '../known-set.js';
import {landmarkSearch} from '../landmark-search.js';

/** 5,063 photos of buildings, 55 searches by a part of a photo (Philbin et al. 2007). */
export default defineKnownSet({
  name: 'oxford5k',
  title: 'Oxford Buildings',
  source:
    'https://www.robots.ox.ac.uk/~vgg/data/oxbuildings/ (oxbuild_images.tgz, and gt_files_170407.tgz in gt/)',
  folders: ['oxford5k', 'oxbuildings'],
  instances: landmarkSearch,
});
