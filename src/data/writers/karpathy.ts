import {defineWriter} from '../set-writer.js';
import {imageFolder} from '../stem-groups.js';
import {putFile, putImages} from '../written-files.js';

export default defineWriter({
  name: 'karpathy',
  summary: 'images/ and dataset.json, as in the splits of Karpathy, RSICD, UCM and Sydney captions',
  sortsByName: false,
  drops: [],
  async write(request) {
    await putImages(request, ({name}) => imageFolder + name);
    let sentid = 0;
    const images = request.rows.map(({name, captions, split, label, fields}, imgid) => {
      const sentences = captions.map((raw) => ({raw, imgid, sentid: sentid++}));
      return {
        ...fields,
        ...(label !== null && {class: label}),
        ...(split !== null && {split}),
        filename: name,
        imgid,
        sentids: sentences.map((sentence) => sentence.sentid),
        sentences,
      };
    });
    await putFile(request.folder, 'dataset.json', `${JSON.stringify({images})}\n`);
  },
});
