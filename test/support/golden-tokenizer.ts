import {readFileSync} from 'node:fs';

export interface TokenizerCase {
  readonly text: string;
  /** By ftfy. */
  readonly mended: string;
  /** By Python's html.unescape. */
  readonly unescaped: string;
  /** By OpenCLIP, in front of its tokenizer. */
  readonly cleaned: string;
  readonly openClip: readonly number[];
  readonly hf: readonly number[];
}

/** What the Python libraries made of every hard text (test/golden/tokenizer.py). */
export function goldenTokenizer(): {readonly cases: readonly TokenizerCase[]} {
  const file = new URL('../golden/tokenizer.json', import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as {cases: TokenizerCase[]};
}
