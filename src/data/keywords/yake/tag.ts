/** What a word is by its letters: only plain, capitalised and acronym can be part of a keyword. */
export type WordTag = 'number' | 'unparsable' | 'acronym' | 'capitalised' | 'plain';

export interface TaggedWord {
  /** As written. */
  readonly text: string;
  readonly tag: WordTag;
}

const punctuation = /[!-/:-@[-`{-~]/g;
const numeral = /^[+-]?(?:\d[\d_]*\.?(?:\d[\d_]*)?|\.\d[\d_]*)(?:e[+-]?\d+)?$|^[+-]?(?:inf|infinity|nan)$/i;

/** Tags a word; `index` is its place in the sentence, since a capital at the beginning says nothing. */
export function tagOf(text: string, index: number): WordTag {
  if (numeral.test(text.replaceAll(',', ''))) return 'number';
  const digits = count(text, /\p{N}/gu);
  const letters = count(text, /\p{L}/gu);
  const signs = count(text, punctuation);
  if (digits > 0 === letters > 0 || signs > 1) return 'unparsable';
  const capitals = count(text, /\p{Lu}/gu);
  const length = [...text].length;
  if (capitals === length) return 'acronym';
  if (capitals === 1 && length > 1 && /^\p{Lu}/u.test(text) && index > 0) return 'capitalised';
  return 'plain';
}

/** Whether a word is made of ASCII punctuation alone. */
export function isPunctuation(text: string): boolean {
  return count(text, punctuation) === [...text].length;
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
