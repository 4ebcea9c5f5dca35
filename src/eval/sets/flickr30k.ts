import {defineKnownSet} from '../known-set.js';

/** Photos with five captions each (Young et al. 2014), in the split of Karpathy and Fei-Fei 2015. */
export default defineKnownSet({
  name: 'flickr30k',
  title: 'Flickr30k (Karpathy test split)',
  source:
    'https://shannon.cs.illinois.edu/DenotationGraph/ (the images in images/, beside dataset_flickr30k.json of https://cs.stanford.edu/people/karpathy/deepimagesent/)',
  folders: ['flickr30k'],
  asData: true,
});
