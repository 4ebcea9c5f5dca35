import {defineKnownSet} from '../known-set.js';
import {numberedGroups} from '../numbered-groups.js';

/** 1,491 holiday photos, 500 of which look for others of the same scene (Jegou et al. 2008). */
export default defineKnownSet({
  name: 'holidays',
  title: 'INRIA Holidays',
  source: 'https://lear.inrialpes.fr/~jegou/data.php (jpg1.tar.gz and jpg2.tar.gz, both in jpg/)',
  folders: ['holidays'],
  instances: (root) => numberedGroups(root, ['jpg']),
});
