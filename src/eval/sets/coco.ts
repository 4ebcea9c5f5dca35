import {defineKnownSet} from '../known-set.js';

/** Photos with five captions each (Lin et al. 2014), in the split of Karpathy and Fei-Fei 2015. */
export default defineKnownSet({
  name: 'coco',
  title: 'MS-COCO captions (Karpathy test split)',
  source:
    'https://cocodataset.org (the images in images/, beside dataset_coco.json of https://cs.stanford.edu/people/karpathy/deepimagesent/)',
  folders: ['coco'],
  asData: true,
});
