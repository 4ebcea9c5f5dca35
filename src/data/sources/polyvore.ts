import {UserError, exitCodes} from '../../support/errors.js';
import type {FileStore} from '../file-store.js';
import {insidePath} from '../inside-path.js';
import {isObject} from '../json-shapes/shape.js';
import type {Fields} from '../layout.js';
import {defineSource, jsonIn, needed} from '../set-source.js';

const captions =
  'the authors of FashionViL (https://github.com/BrandonHanx/mmf): it is no part of the original download';
const authors = 'the authors of Polyvore Outfits: https://github.com/mvasil/fashion-compatibility';

const splits = ['train', 'val'];

/** Polyvore Outfits (Vasileva et al., 2018) with the captions that FashionViL made of title and description. */
export default defineSource({
  name: 'polyvore',
  summary:
    'train_info.json, val_info.json and images/; classes from polyvore_item_metadata.json where it is there',
  images: `the folder images/, from ${authors}`,
  async *records(folder) {
    const tables = [];
    for (const split of splits) {
      const what = `titles and descriptions for ${split}`;
      tables.push({split, path: await needed(folder, {paths: [`${split}_info.json`], what, from: captions})});
    }
    const metadata = await classTable(folder);
    for (const {split, path} of tables) {
      const place = folder.place(path);
      const list = await jsonIn(folder, path);
      if (!Array.isArray(list)) throw broken(place, 'a list of images', 'other content');
      for (const [i, entry] of list.entries())
        yield recordOf(entry, {where: `${place}: [${i}]`, split, metadata});
    }
  },
});

/** What is said of items by their id. */
async function classTable(folder: FileStore): Promise<Fields> {
  const path = 'polyvore_item_metadata.json';
  if ((await folder.find(path)) === undefined) return {};
  const table = await jsonIn(folder, path);
  if (!isObject(table)) throw broken(folder.place(path), 'an object by item', 'other content');
  return table;
}

function recordOf(
  entry: unknown,
  {where, split, metadata}: {readonly where: string; readonly split: string; readonly metadata: Fields},
) {
  if (!isObject(entry)) throw broken(where, 'an object', JSON.stringify(entry));
  const {title, description} = entry;
  const id = entry['id'];
  const key = typeof id === 'string' || typeof id === 'number' ? String(id) : undefined;
  const images = Array.isArray(entry['images']) ? (entry['images'][0] as unknown) : entry['images'];
  if (typeof images !== 'string') throw broken(`${where}: images`, 'a file name', JSON.stringify(images));
  const item = key === undefined ? undefined : metadata[key];
  const label = isObject(item) ? item['semantic_category'] : undefined;
  const texts = [title, description].map((text) => (typeof text === 'string' ? text : ''));
  return {
    file: insidePath(images, where),
    // as S-CLIP joins them
    captions: [texts.join('.')],
    split,
    fields: {...(typeof label === 'string' && {class: label}), ...(key !== undefined && {item: key})},
  };
}

function broken(where: string, expected: string, got: string): UserError {
  return new UserError(`${where}: expected ${expected}, got ${got}`, {exit: exitCodes.data});
}
