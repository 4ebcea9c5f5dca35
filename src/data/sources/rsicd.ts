import {karpathy} from '../json-shapes/karpathy.js';
import {UserError, exitCodes} from '../../support/errors.js';
import {defineSource, jsonIn, needed, textIn} from '../set-source.js';

const authors = 'the authors of RSICD: https://github.com/201528014227051/RSICD_optimal';

/** RSICD (Lu et al., 2017): captions and splits, and the classes from lists of file names. */
export default defineSource({
  name: 'rsicd',
  summary: 'dataset_rsicd.json and RSICD_images/; classes from txtclasses_rsicd/ where it is there',
  images: `the folder RSICD_images/, from ${authors}`,
  async *records(folder) {
    const table = await needed(folder, {
      paths: ['dataset_rsicd.json'],
      what: 'the captions and splits of 10,921 images',
      from: authors,
    });
    const document = await jsonIn(folder, table);
    const place = folder.place(table);
    if (!karpathy.matches(document)) {
      throw new UserError(`${place}: expected ${karpathy.looksLike}, got another document`, {
        exit: exitCodes.data,
      });
    }
    const classes = await classesOf(folder);
    const records = karpathy.records(document, {
      table,
      place,
      context: {keys: {}, withText: true},
      anywhere: false,
    });
    for (const record of records) {
      const label = classes.get(record.file.toLowerCase());
      yield label === undefined ? record : {...record, fields: {...record.fields, class: label}};
    }
  },
});

/** `airport.txt` lists the file names of the airports. */
async function classesOf(folder: Parameters<typeof textIn>[0]): Promise<ReadonlyMap<string, string>> {
  const classes = new Map<string, string>();
  const lists = (await folder.list()).filter((path) => /(^|\/)txtclasses_rsicd\/[^/]+\.txt$/.test(path));
  for (const path of lists) {
    const label = path.slice(path.lastIndexOf('/') + 1, -'.txt'.length);
    for (const line of (await textIn(folder, path)).split(/\r?\n/)) {
      if (line.trim() !== '') classes.set(line.trim().toLowerCase(), label);
    }
  }
  return classes;
}
