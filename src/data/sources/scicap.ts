import {UserError, exitCodes} from '../../support/errors.js';
import type {FileStore} from '../file-store.js';
import {insidePath} from '../inside-path.js';
import {isObject} from '../json-shapes/shape.js';
import {defineSource, jsonIn} from '../set-source.js';
import {canonicalSplit} from '../splits.js';

const authors = 'the authors of SciCap: https://github.com/tingyaohsu/SciCap';

/**
 * SciCap (Hsu et al., 2021): one JSON file a figure. Figures with sub-figures are left out, and captions are those that were
 * originally extracted, as in S-CLIP; it cut them to 77 characters, which --max-chars 77 does.
 */
export default defineSource({
  name: 'scicap',
  summary: 'SciCap-Caption-All/<split>/*.json and SciCap-No-Subfig-Img/<split>/*.png',
  images: `the folder SciCap-No-Subfig-Img/, from ${authors}`,
  async *records(folder) {
    const captions = (await folder.list()).filter((path) => captionFile.test(path));
    if (captions.length === 0) {
      const place = folder.place('SciCap-Caption-All');
      throw new UserError(`${place}: expected <split>/*.json with a caption each, got none`, {
        tryThis: `it comes from ${authors}`,
        exit: exitCodes.data,
      });
    }
    for (const path of captions) {
      const record = await recordOf(folder, path);
      if (record !== null) yield record;
    }
  },
});

const captionFile = /^SciCap-Caption-All\/(?<split>[^/]+)\/(?<figure>[^/]+)\.json$/;

async function recordOf(folder: FileStore, path: string) {
  const {split = '', figure = ''} = captionFile.exec(path)?.groups ?? {};
  const place = folder.place(path);
  const document = await jsonIn(folder, path);
  if (!isObject(document)) {
    throw new UserError(`${place}: expected an object, got other content`, {exit: exitCodes.data});
  }
  if (document['contains-subfigure'] === true) return null;
  const caption = document['0-originally-extracted'];
  if (typeof caption !== 'string') {
    throw new UserError(
      `${place}: 0-originally-extracted: expected a caption, got ${JSON.stringify(caption)}`,
      {
        exit: exitCodes.data,
      },
    );
  }
  const id = document['figure-ID'];
  const file = insidePath(typeof id === 'string' ? id : `${figure}.png`, place);
  // the authors' archives and S-CLIP's loader write the folders differently
  const folders = [split, split.toLowerCase(), capital(split)].map((name) => `SciCap-No-Subfig-Img/${name}/`);
  return {file, captions: [caption], split: canonicalSplit(split), fields: {}, folders};
}

function capital(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase();
}
