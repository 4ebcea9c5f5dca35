import {defineKnownSet} from '../known-set.js';
import {numberedGroups} from '../numbered-groups.js';

/** 157 photos that look for their strongly changed copies (Douze et al. 2009). */
export default defineKnownSet({
  name: 'copydays',
  title: 'INRIA Copydays',
  source:
    'https://lear.inrialpes.fr/~jegou/data.php (copydays_original.tar.gz in original/, copydays_strong.tar.gz in strong/)',
  folders: ['copydays'],
  instances: (root) => numberedGroups(root, ['original', 'strong']),
});
