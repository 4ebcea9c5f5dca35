import {beforeAll, describe, expect, it} from 'vitest';
import {join} from 'node:path';
import {textWords} from '../../../../src/app/inspect/text-words.js';
import {loadTokenizer, type Tokenizer} from '../../../../src/model/tokenizer.js';
import {temporaryFolder} from '../../../support/temporary-folder.js';
import {untrainedConfig, writeUntrainedClip} from '../../../support/untrained-clip.js';

let tokenizer: Tokenizer;

beforeAll(async () => {
  const folder = await writeUntrainedClip(join(temporaryFolder(), 'clip'));
  tokenizer = await loadTokenizer(folder, untrainedConfig.text);
});

function words(text: string) {
  const {ids, end} = tokenizer.encode([text]);
  return textWords(tokenizer, ids.data, end.data[0]!);
}

describe('textWords', () => {
  it('gives each word the places of its tokens, the start token left out', () => {
    expect(words('A red bus')).toEqual([
      {word: 'a', first: 1, last: 1},
      {word: 'red', first: 2, last: 4},
      {word: 'bus', first: 5, last: 7},
    ]);
  });

  it('makes punctuation a word of its own', () => {
    expect(words('a bus.').map(({word}) => word)).toEqual(['a', 'bus', '.']);
  });

  it('keeps letters of several bytes in one word', () => {
    expect(words('café au')).toEqual([
      {word: 'café', first: 1, last: 5},
      {word: 'au', first: 6, last: 7},
    ]);
  });

  it('covers every token of a text that was cut off, whose last word may be in part', () => {
    const long = words('many words that go on and on without an end to them');
    expect(long[0]).toEqual({word: 'many', first: 1, last: 4});
    expect(long.at(-1)!.last).toBe(untrainedConfig.text.contextLength - 2);
    long.slice(1).forEach(({first}, i) => expect(first).toBe(long[i]!.last + 1));
  });
});
