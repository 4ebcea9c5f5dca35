import {join} from 'node:path';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {
  drawCaption,
  keywordCoverage,
  keywordLabels,
  mostKeywords,
  readKeywords,
} from '../../../src/data/keywords.js';
import {exitCodes} from '../../../src/support/errors.js';
import {folderOf} from '../../support/files-on-disk.js';

describe('keywordLabels', () => {
  it('matches between spaces, with case and punctuation, nested keywords too', () => {
    const keywords = ['port', 'parking', 'parking lot', 'river'];
    const captions = ['a port', 'an airport', 'parking lot', 'a river.', 'A River', 'parking  lot river'];
    expect([...keywordLabels(keywords, captions)]).toEqual(
      [
        [1, 0, 0, 0],
        [0, 0, 0, 0],
        [0, 1, 1, 0],
        [0, 0, 0, 0],
        [0, 0, 0, 0],
        [0, 1, 0, 1],
      ].flat(),
    );
  });

  it('finds single words exactly where splitting at spaces finds them', () => {
    const word = fc.stringMatching(/^[ab.]{1,2}$/);
    const caption = fc.array(fc.oneof(word, fc.constant('')), {maxLength: 6}).map((words) => words.join(' '));
    fc.assert(
      fc.property(fc.array(word, {minLength: 1}), fc.array(caption), (keywords, captions) => {
        const expected = captions.flatMap((text) =>
          keywords.map((w) => (text.split(' ').includes(w) ? 1 : 0)),
        );
        expect([...keywordLabels(keywords, captions)]).toEqual(expected);
      }),
    );
  });
});

describe('keywordCoverage', () => {
  it('counts captions by keyword and captions with any', () => {
    expect(keywordCoverage(['river', 'blue', 'sea'], ['a blue river', 'a river', 'nothing'])).toEqual({
      covered: 2,
      counts: [2, 1, 0],
    });
  });
});

describe('drawCaption', () => {
  const captions = ['a', 'b', 'c', 'd', 'e'];

  it('depends on its arguments alone', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.nat(), (seed, epoch, row) => {
        expect(drawCaption(captions, seed, 3, epoch, row)).toBe(drawCaption(captions, seed, 3, epoch, row));
        expect(captions).toContain(drawCaption(captions, seed, 3, epoch, row));
      }),
    );
  });

  it('draws every caption equally often over the epochs of a row', () => {
    const counts = new Map(captions.map((caption) => [caption, 0]));
    for (let epoch = 0; epoch < 10_000; epoch++) {
      const drawn = drawCaption(captions, 1, 3, epoch, 4);
      counts.set(drawn, counts.get(drawn)! + 1);
    }
    // 2000 expected, standard deviation 40
    for (const count of counts.values()) expect(Math.abs(count - 2000)).toBeLessThan(200);
  });

  it('needs a caption', () => {
    expect(() => drawCaption([], 0)).toThrow('drawCaption: expected at least one caption, got none');
  });
});

describe('readKeywords', () => {
  const write = async (content: string | Buffer) => join(await folderOf({'words.txt': content}), 'words.txt');
  const refusal = async (path: string) => {
    const error: unknown = await readKeywords(path).catch((reason: unknown) => reason);
    expect(error).toMatchObject({exit: exitCodes.data});
    return (error as Error).message.replaceAll(path, 'FILE');
  };

  it('strips lines, drops empty ones and reports repeated ones', async () => {
    const notices: string[] = [];
    const path = await write('\ufeffriver \r\n\r\n  parking lot\nriver\n\tsea\nriver');
    const keywords = await readKeywords(path, {onNotice: (message) => notices.push(message)});
    expect(keywords).toEqual(['river', 'parking lot', 'sea']);
    expect(notices).toEqual([`${path}: 2 repeated keywords dropped`]);
  });

  it('refuses what is no list of keywords', async () => {
    const count = `FILE: expected 1 to ${mostKeywords} keywords, one a line, got`;
    expect(await refusal(await write(' \n\n'))).toBe(`${count} 0`);
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
