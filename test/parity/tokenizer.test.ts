import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {uniform} from '../../src/engine/random.js';
import type {TextConfig} from '../../src/model/clip-config.js';
import {loadTokenizer} from '../../src/model/tokenizer.js';
import {inTemporaryFolder, runParityScript} from '../support/parity-python.js';
import {readSharedSet, sharedSetNames, textsOf} from '../support/shared-set.js';
import {tinyTextConfig} from '../support/tiny-tokenizer.js';

interface Rows {
  readonly openClip: readonly number[][];
  readonly hf: readonly number[][];
}

const openAi: TextConfig = {
  ...tinyTextConfig,
  contextLength: 77,
  vocabSize: 49408,
  startToken: 49406,
  endToken: 49407,
  padToken: 0,
};

/** Pieces that meet in real captions and hardly ever side by side; all letters older than Unicode 14. */
const pieces = [
  ...[...'abcXYZ \'"sStTreVEmMlLdD.,!?-_&;#<>|\t\n\r0123456789'],
  ...[...'éÉßİıſKΣσςÅÅàâÃ©€™”“’‘ﬁﬂＡｂﾀ＜中日한국שםمرЂГв½²³Ⅷ①٣√◊†'],
  ...['e\u0301', '\u200d', '👩‍🚀', '🇩🇪', '\u202e', '\u00a0', '\u3000', '\u2028', '\x85', '\x1c', '\0', '\x7f'],
  ...[
    '\ufeff',
    '\ufffd',
    '\u0345',
    '\ud83d',
    '&eacute;',
    '&amp',
    '&#8217;',
    'â€™',
    'Ã©',
    'Ð¿',
    '<|endoftext|>',
  ],
];

function drawText(seed: number): string {
  const length = Math.floor(uniform(seed, 0) * 24);
  const draw = (i: number): string => pieces[Math.floor(uniform(seed, 1, i) * pieces.length)]!;
  return Array.from({length}, (_, i) => draw(i)).join('');
}

async function compare(texts: readonly string[]): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    writeFileSync(join(folder, 'texts.json'), JSON.stringify(texts));
    runParityScript('tokenizer.py', folder);
    const rows = JSON.parse(readFileSync(join(folder, 'tokens.json'), 'utf8')) as Rows;
    const openClip = await loadTokenizer(join(folder, 'table'), openAi);
    const hf = await loadTokenizer(join(folder, 'pair'), {...openAi, padToken: openAi.endToken});
    for (const [tokenizer, expected] of [
      [openClip, rows.openClip],
      [hf, rows.hf],
    ] as const) {
      const {ids, end} = tokenizer.encode(texts);
      const got = texts.map((_, i) => [...ids.data.subarray(i * 77, i * 77 + end.data[i]! + 1)]);
      const firstOther = got.findIndex((row, i) => row.join() !== expected[i]!.join());
      expect(got[firstOther], JSON.stringify(texts[firstOther])).toEqual(expected[firstOther]);
    }
  });
}

describe("OpenAI's vocabulary: the tokens are those of open_clip and of transformers", () => {
  it('on every hard text', async () => {
    const file = new URL('../golden/tokenizer_texts.json', import.meta.url);
    await compare(JSON.parse(readFileSync(file, 'utf8')) as string[]);
  });

  it('on 20,000 texts of characters that seldom meet', async () => {
    await compare(Array.from({length: 20_000}, (_, seed) => drawText(seed)));
  });

  it('on every text of the shared sets', async () => {
    const sets = await Promise.all(sharedSetNames.map(async (name) => textsOf(await readSharedSet(name))));
    await compare([...new Set(sets.flat())]);
  });
});
