import {join} from 'node:path';
import {expect, it} from 'vitest';
import {englishStopWords, readStopWords} from '../../../../src/data/keywords/stop-words.js';
import {exitCodes} from '../../../../src/support/errors.js';
import {folderOf} from '../../../support/files-on-disk.js';

it('the English list is in lower case and holds the words that say nothing', () => {
  const list = englishStopWords();
  for (const word of ['the', 'there', 'is', 'of', 'with']) expect(list.has(word)).toBe(true);
  for (const word of list) expect(word).toBe(word.toLowerCase());
});

it('reads a list, one word a line in any case, remarks left out', async () => {
  const folder = await folderOf({'stop.txt': '# ours\nPhoto\n\n image \r\n', 'none.txt': '\n# x\n'});
  expect(await readStopWords(join(folder, 'stop.txt'))).toEqual(new Set(['photo', 'image']));
  await expect(readStopWords(join(folder, 'none.txt'))).rejects.toMatchObject({
    message: `${join(folder, 'none.txt')}: expected at least one stop word, one a line, got none`,
    exit: exitCodes.data,
  });
  await expect(readStopWords(join(folder, 'no.txt'))).rejects.toThrow(
    /no\.txt: expected a file with one stop word a line, got Error: ENOENT/,
  );
});
