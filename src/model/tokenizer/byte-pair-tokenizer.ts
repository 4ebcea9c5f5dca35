/** What byte-pair encoding works with. */
export interface BytePairTables {
  /** Tokens by symbol; a word's last symbol ends in `</w>`. */
  readonly tokenOf: ReadonlyMap<string, number>;
  /** Pairs of symbols that are joined, the most eager first. */
  readonly merges: ReadonlyArray<readonly [string, string]>;
  /** The token for symbols without one; undefined: they are left out. */
  readonly unknown: number | undefined;
}

/** What stands at the end of a word's last symbol. */
export const endOfWord = '</w>';

/** The part of a tokenizer that differs between its files: text to tokens, and what each token stands for. */
export interface BytePairTokenizer {
  /** The tokens of one text, without start and end token, not truncated. */
  tokens(text: string): readonly number[];
  /** What a token stands for, in byte symbols; undefined for numbers that are no token. */
  symbols(token: number): string | undefined;
  /** Undefined when the file does not name it. */
  readonly startToken: number | undefined;
  readonly endToken: number | undefined;
  /** One more than the highest token. */
  readonly size: number;
}
