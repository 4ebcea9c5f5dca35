import {defineKnownSet} from '../known-set.js';

/** Photos from above, with the names and templates of the remote-sensing domain. */
export default defineKnownSet({
  name: 'ucm',
  title: 'UC Merced Land Use',
  source: 'http://weegee.vision.ucmerced.edu/datasets/landuse.html (UCMerced_LandUse.zip)',
  folders: ['ucm', 'UCMerced_LandUse'],
  imageFolders: ['test', 'Images', '.'],
  domain: {name: 'remote-sensing', classSet: 'ucm'},
});
