import {UserError, exitCodes} from '../../support/errors.js';
import {insidePath} from '../inside-path.js';
import {defineSource, needed, textIn} from '../set-source.js';

const authors = 'the authors of Fashion200k: https://github.com/xthan/fashion-200k';

const categories = ['dress', 'jacket', 'pants', 'skirt', 'top'];
const splits = ['train', 'test'];

/**
 * Fashion200k (Han et al., 2017): ten lists of image, detection score and sentence. The class is the first folder below
 * `women/`; images of one garment share the column `item`.
 */
export default defineSource({
  name: 'fashion200k',
  summary: 'labels/{dress,jacket,pants,skirt,top}_{train,test}_detect_all.txt and women/',
  images: `the folder women/, from ${authors}`,
  async *records(folder) {
    const lists = [];
    for (const split of splits) {
      for (const category of categories) {
        const name = `${category}_${split}_detect_all.txt`;
        const path = await needed(folder, {
          paths: [`labels/${name}`, name],
          what: `the list of ${category} images for ${split}`,
          from: authors,
        });
        lists.push({path, split});
      }
    }
    for (const {path, split} of lists) {
      const lines = (await textIn(folder, path)).split(/\r?\n/);
      for (const [i, line] of lines.entries()) {
        if (line.trim() !== '') yield recordOf(line, `${folder.place(path)}: line ${i + 1}`, split);
      }
    }
  },
});

function recordOf(line: string, where: string, split: string) {
  const cells = line.split('\t');
  const [image, , sentence] = cells;
  if (image === undefined || sentence === undefined) {
    throw new UserError(
      `${where}: expected image, score and sentence with tabs between, got ${cells.length} cells`,
      {
        exit: exitCodes.data,
      },
    );
  }
  const file = insidePath(image.trim(), where);
  const [, category, , item] = file.split('/');
  const fields = {
    ...(category !== undefined && {class: category.replaceAll('_', ' ')}),
    ...(item !== undefined && {item}),
  };
  return {file, captions: [sentence.trim()], split, fields};
}
