import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {keywordText, mostKeywords, readKeywords} from '../../../../src/data/keywords/keyword-file.js';
import {exitCodes} from '../../../../src/support/errors.js';
import {folderOf} from '../../../support/files-on-disk.js';

const write = async (content: string | Buffer, name = 'words.txt') =>
  join(await folderOf({[name]: content}), name);

const refusal = async (path: string) => {
  const error: unknown = await readKeywords(path).catch((reason: unknown) => reason);
  expect(error).toMatchObject({exit: exitCodes.data});
  return (error as Error).message.replaceAll(path, 'FILE');
};

describe('a text file', () => {
  it('is stripped, empty lines and remarks are dropped, repeated keywords reported', async () => {
    const notices: string[] = [];
    const path = await write('\ufeffriver \r\n\r\n  parking lot\n# remark\nriver\n\tsea\nriver\n#1\n');
    const list = await readKeywords(path, {onNotice: (message) => notices.push(message)});
    expect(list).toEqual({keywords: ['river', 'parking lot', 'sea', '#1'], oracle: false});
    expect(notices).toEqual([`${path}: 2 repeated keywords dropped`]);
  });

  it('is refused when it is no list of keywords', async () => {
    const count = `FILE: expected 1 to ${mostKeywords} keywords, one a line, got`;
    expect(await refusal(await write(' \n\n# remark\n'))).toBe(`${count} 0`);
    const long = Array.from({length: mostKeywords + 1}, (_, i) => `word${i}`).join('\n');
    expect(await refusal(await write(long))).toBe(`${count} ${mostKeywords + 1}`);
    expect(await refusal(await write(Buffer.from([0x89, 0x50, 0, 1])))).toBe(
      'FILE: expected UTF-8 text, got a binary file',
    );
    expect(await refusal(await write(Buffer.from('a\nb\ncaf\xe9', 'latin1')))).toBe(
      'FILE: expected UTF-8 text, got other bytes in line 3',
    );
    expect(await refusal('/no/such/words.txt')).toMatch(
      /^FILE: expected a file with one keyword a line, got Error: ENOENT/,
    );
    expect(await refusal(await folderOf({}))).toMatch(/got Error: EISDIR/);
  });
});

describe('a JSON document', () => {
  it('is a list of strings, or what extraction writes', async () => {
    const strings = await write('["river", " sea ", "river"]', 'words.json');
    expect(await readKeywords(strings)).toEqual({keywords: ['river', 'sea'], oracle: false});
    const report = {version: 1, vocabulary: 'oracle', keywords: [{keyword: 'river', count: 3}, 'sea']};
    expect(await readKeywords(await write(JSON.stringify(report), 'w.json'))).toEqual({
      keywords: ['river', 'sea'],
      oracle: true,
    });
  });

  it('is refused when it is something else', async () => {
    expect(await refusal(await write('{"words": []}', 'w.json'))).toBe(
      'FILE: expected a list of keywords, got another JSON document',
    );
    expect(await refusal(await write('[1]', 'w.json'))).toBe(
      'FILE: expected a list of keywords, got another JSON document',
    );
    expect(await refusal(await write('river', 'w.json'))).toMatch(
      /^FILE: expected JSON, got Unexpected token/,
    );
  });
});

it.each([true, false])(
  'a written list is read again, the mark of class names (%s) with it',
  async (oracle) => {
    const list = {keywords: ['river', 'parking lot'], oracle};
    expect(await readKeywords(await write(keywordText(list, '2 keywords, yake of a.tar')))).toEqual(list);
  },
);
