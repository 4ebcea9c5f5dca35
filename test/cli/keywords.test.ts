import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import type {KeywordReport} from '../../src/app/keywords-extract.js';
import {exitCodes} from '../../src/support/errors.js';
import {runFewclip} from '../support/run-fewclip.js';
import {temporaryFolder} from '../support/temporary-folder.js';

const root = temporaryFolder();
const captions = join(root, 'captions.txt');
const lines = [
  'A river near two houses',
  'Rivers and a house',
  'the river beside a bridge',
  'one old bridge',
];
writeFileSync(captions, lines.join('\n'));

describe('keywords extract', () => {
  it('prints a list with counts, writes it, and prints JSON alone', async () => {
    const out = join(root, 'words.json');
    const {exit, stdout, stderr} = await runFewclip([
      ...['keywords', 'extract', captions, '--method', 'nouns', '--max-share', '0.8', '--out', out],
      ...['--format', 'json'],
    ]);
    expect(exit).toBe(exitCodes.done);
    const report = JSON.parse(stdout) as KeywordReport;
    expect(report).toEqual(JSON.parse(readFileSync(out, 'utf8')));
    expect(report).toMatchObject({
      version: 1,
      method: 'nouns',
      vocabulary: 'extracted',
      captions: 4,
      covered: 4,
    });
    expect(report.keywords.map(({keyword, count, share}) => [keyword, count, share])).toEqual([
      ['river', 3, 0.75],
      ['bridge', 2, 0.5],
      ['houses', 2, 0.5],
    ]);
    expect(stderr).toBe(`wrote ${out}: adapt --keywords ${out}\n`);
  });

  it('marks class names as an oracle vocabulary, on the page and in the file', async () => {
    const out = join(root, 'names.txt');
    const {exit, stdout} = await runFewclip([
      ...['keywords', 'extract', captions, '--method', 'class-names', '--domain', 'remote-sensing'],
      ...['--classes', 'ucm', '--out', out],
    ]);
    expect(exit).toBe(exitCodes.done);
    expect(stdout).toMatch(/^river +3 +75\.0 %$/m);
    expect(stdout).toContain('oracle vocabulary: these are the names of the classes');
    expect(readFileSync(out, 'utf8').split('\n')[0]).toMatch(/^# oracle vocabulary: 21 keywords/);
  });

  it('says what was left out when nothing remains', async () => {
    const {exit, stderr} = await runFewclip([
      ...['keywords', 'extract', captions, '--method', 'nouns', '--min-count', '4'],
    ]);
    expect(exit).toBe(exitCodes.data);
    expect(stderr).toMatch(/^Error: keywords: expected some in 4 captions, got none \(\d+ rare\)$/m);
    expect(stderr).toContain('Try this: --min-count 1 --max-share 1');
  });
});
