import {writeFileSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {captionSentences, textSentences} from '../../src/data/keywords/yake/sentences.js';
import {withoutRepetitions, yakePhrases, type RankedPhrase} from '../../src/data/keywords/yake/yake.js';
import {inTemporaryFolder, runParityScript} from '../support/parity-python.js';
import {readSharedSet} from '../support/shared-set.js';

type Ranking = readonly (readonly [phrase: string, score: number])[];

interface Document {
  readonly stopWords: readonly string[];
  readonly phrases: Readonly<Record<string, Record<'1' | '2' | '3', Record<'text' | 'captions', Ranking>>>>;
}

/** The sets with captions of every domain, and the columns that hold them. */
const captionColumns = {
  ucm: ['captions'],
  magento: ['captions'],
  openstax: ['alt', 'caption'],
  wesnoth: ['captions'],
  openclipart: ['title', 'desc'],
} as const;

const shown = 50;
const readings = {text: textSentences, captions: captionSentences} as const;

async function captionsOf(name: keyof typeof captionColumns): Promise<string[]> {
  const {rows} = await readSharedSet(name);
  const all = rows.flatMap((row) =>
    captionColumns[name].flatMap((column) => row[column] as string | string[]),
  );
  return all.filter((caption) => caption !== '');
}

/** The first fifty with scores as they are printed, phrases of one score in the order of the alphabet. */
function withinTies(ranking: Ranking): string[] {
  const groups = new Map<string, string[]>();
  for (const [phrase, score] of ranking) {
    const key = score.toPrecision(10);
    groups.set(key, [...(groups.get(key) ?? []), phrase]);
  }
  const ordered = [...groups].flatMap(([score, phrases]) => phrases.sort().map((text) => `${score} ${text}`));
  return ordered.slice(0, shown);
}

function ours(found: Iterable<RankedPhrase>, count: number): Ranking {
  const best: [string, number][] = [];
  for (const {text, score} of found) {
    if (best.push([text, score]) === count) break;
  }
  return best;
}

it("the fifty best phrases are the package's, in its order, on every shared set with captions", async () => {
  const names = Object.keys(captionColumns) as (keyof typeof captionColumns)[];
  const entries = await Promise.all(names.map(async (name) => [name, await captionsOf(name)] as const));
  await inTemporaryFolder(async (folder) => {
    writeFileSync(join(folder, 'captions.json'), JSON.stringify(Object.fromEntries(entries)));
    runParityScript('phrases.py', folder);
    const {stopWords, phrases} = JSON.parse(await readFile(join(folder, 'phrases.json'), 'utf8')) as Document;
    for (const [name, captions] of entries) {
      for (const nGram of [1, 2, 3] as const) {
        for (const reading of ['text', 'captions'] as const) {
          const expected = phrases[name]![nGram][reading];
          expect(expected.length).toBeGreaterThan(shown);
          const options = {stopWords: new Set(stopWords), nGram, window: 1};
          const found = withoutRepetitions(yakePhrases(readings[reading](captions), options));
          expect(withinTies(ours(found, expected.length)), `${name}, ${nGram}, ${reading}`).toEqual(
            withinTies(expected),
          );
        }
      }
    }
  });
});
