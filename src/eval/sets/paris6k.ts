import {defineKnownSet} from '../known-set.js';
import {landmarkSearch} from '../landmark-search.js';

/** 6,412 photos of buildings, 55 searches by a part of a photo (Philbin et al. 2008). */
export default defineKnownSet({
  name: 'paris6k',
  title: 'Paris Buildings',
  source:
    'https://www.robots.ox.ac.uk/~vgg/data/parisbuildings/ (paris_1.tgz, paris_2.tgz, and paris_120310.tgz in gt/)',
  folders: ['paris6k', 'parisbuildings'],
  instances: landmarkSearch,
});
