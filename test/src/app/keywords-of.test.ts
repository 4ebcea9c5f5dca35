import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {keywordsOf} from '../../../src/app/keywords-of.js';
import {folderOf} from '../../support/files-on-disk.js';

const domain = {
  name: 'birds',
  classSets: {garden: {names: {robin: 'robin', greattit: 'great tit'}}},
  keywords: ['robin', 'nest', 'beak'],
};

async function chosen(asked: string | undefined, of: typeof domain | undefined) {
  const notices: string[] = [];
  const keywords = await keywordsOf(asked, of, (message) => notices.push(message));
  return {...keywords, notices};
}

describe('keywordsOf', () => {
  it('takes the list of the domain, or none', async () => {
    expect(await chosen(undefined, domain)).toEqual({
      source: 'domain birds',
      list: ['robin', 'nest', 'beak'],
      oracle: false,
      notices: [],
    });
    expect(await chosen(undefined, undefined)).toEqual({
      source: 'none',
      list: [],
      oracle: false,
      notices: [],
    });
  });

  it('takes the class names of the domain as an oracle vocabulary, and says so', async () => {
    expect(await chosen('class-names', domain)).toEqual({
      source: 'class names of birds',
      list: ['robin', 'great tit'],
      oracle: true,
      notices: ['keywords: an oracle vocabulary, the names of the classes: report it beside the figures'],
    });
    await expect(chosen('class-names', undefined)).rejects.toThrow(
      '--keywords class-names: expected a domain that names classes, got none',
    );
  });

  it('marks a file of class names, whether it says so or not', async () => {
    const folder = await folderOf({
      'said.txt': '# oracle vocabulary: class-names of birds\nrobin\nnest\nbeak\n',
      'unsaid.txt': 'Robins\ngreat tits\nbeak\n',
      'own.txt': 'nest\nbeak\nrobin\n',
    });
    const said = await chosen(join(folder, 'said.txt'), undefined);
    expect(said).toMatchObject({oracle: true, list: ['robin', 'nest', 'beak']});
    expect(said.notices).toEqual([
      'keywords: an oracle vocabulary, as its file says: report it beside the figures',
    ]);
    const unsaid = await chosen(join(folder, 'unsaid.txt'), domain);
    expect(unsaid.oracle).toBe(true);
    expect(unsaid.notices[0]).toContain('2 of 3 are class names of the domain');
    expect((await chosen(join(folder, 'own.txt'), domain)).oracle).toBe(false);
  });
});
