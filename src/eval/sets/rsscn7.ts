import {defineKnownSet} from '../known-set.js';

/** Photos from above, with the names and templates of the remote-sensing domain. */
export default defineKnownSet({
  name: 'rsscn7',
  title: 'RSSCN7',
  source: 'https://github.com/palewithout/RSSCN7 (one folder a class)',
  folders: ['rsscn7', 'RSSCN7'],
  imageFolders: ['test', '.'],
  domain: {name: 'remote-sensing', classSet: 'rsscn7'},
});
