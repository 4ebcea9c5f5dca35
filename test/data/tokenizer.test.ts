import {createHash} from 'node:crypto';
import {cpSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {beforeAll, describe, expect, it} from 'vitest';
import type {TextConfig} from '../../src/model/clip-config.js';
import {loadTokenizer, type TokenArrays, type Tokenizer} from '../../src/model/tokenizer.js';
import {readSharedSet, sharedSetNames, textsOf} from '../support/shared-set.js';
import {temporaryFolder} from '../support/temporary-folder.js';
import {tinyTextConfig} from '../support/tiny-tokenizer.js';

interface Golden {
  readonly sets: Readonly<Record<string, {texts: number; openClip: string; hf: string}>>;
}

const shared = fileURLToPath(new URL('../../../shared', import.meta.url));
const golden = JSON.parse(
  readFileSync(new URL('../golden/tokenizer_captions.json', import.meta.url), 'utf8'),
) as Golden;
const folder = temporaryFolder();
const mergeTable = 'bpe_simple_vocab_16e6.txt.gz';

const openAi: TextConfig = {
  ...tinyTextConfig,
  contextLength: 77,
  vocabSize: 49408,
  startToken: 49406,
  endToken: 49407,
  padToken: 0,
};
const remoteSensing: TextConfig = {
  ...tinyTextConfig,
  contextLength: 32,
  vocabSize: 8192,
  startToken: 0,
  endToken: 1,
  padToken: 1,
};

let fromTable: Tokenizer;
let fromJson: Tokenizer;

beforeAll(async () => {
  cpSync(join(shared, 'data', mergeTable), join(folder, mergeTable));
  fromTable = await loadTokenizer(folder, openAi);
  fromJson = await loadTokenizer(join(shared, 'models/tiny-clip-rs'), remoteSensing);
});

function digest({ids}: TokenArrays): string {
  const {buffer, byteOffset, byteLength} = ids.data;
  return createHash('sha256')
    .update(new Uint8Array(buffer, byteOffset, byteLength))
    .digest('hex');
}

describe('the tokens of every text of the shared sets are those of the reference', () => {
  it.each(sharedSetNames)(
    '%s: OpenCLIP with the merge table, transformers with tiny-clip-rs',
    async (name) => {
      const texts = textsOf(await readSharedSet(name));
      const expected = golden.sets[name]!;
      expect(texts).toHaveLength(expected.texts);
      expect(digest(fromTable.encode(texts))).toBe(expected.openClip);
      expect(digest(fromJson.encode(texts))).toBe(expected.hf);
    },
  );
});

describe("OpenAI's vocabulary", () => {
  it('gives the published tokens of a photo of a cat', () => {
    const {ids, end} = fromTable.encode(['a photo of a cat']);
    expect([...ids.data.slice(0, 8)]).toEqual([49406, 320, 1125, 539, 320, 2368, 49407, 0]);
    expect(end.data[0]).toBe(6);
  });
});
