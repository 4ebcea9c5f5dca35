import {UserError} from '../../support/errors.js';
import {defineWriter} from '../set-writer.js';
import {imageFolder} from '../stem-groups.js';
import {bySplit, putFile, putImages} from '../written-files.js';

/** COCO has files for these alone. */
const parts = ['train', 'val'];

export default defineWriter({
  name: 'coco',
  summary:
    'captions.json and images/; with splits annotations/captions_train2017.json and train2017/, the same for val',
  sortsByName: false,
  drops: ['fields'],
  async write(request) {
    const splits = bySplit(request.rows);
    for (const split of splits.keys()) {
      if (split !== null && !parts.includes(split)) {
        throw new UserError(`--to coco: expected the splits train and val, got ${split}`, {
          tryThis: '--to karpathy, which takes any split',
        });
      }
    }
    await putImages(request, ({split, name}) => (split === null ? imageFolder : `${split}2017/`) + name);
    for (const [split, rows] of splits) {
      const images = rows.map(({name, label}, id) => ({
        id,
        file_name: name,
        ...(label !== null && {class: label}),
      }));
      const annotations = rows
        .flatMap(({captions}, image_id) => captions.map((caption) => ({image_id, caption})))
        .map((annotation, id) => ({id, ...annotation}));
      const document = `${JSON.stringify({images, annotations})}\n`;
      const table = split === null ? 'captions.json' : `annotations/captions_${split}2017.json`;
      await putFile(request.folder, table, document);
    }
  },
});
