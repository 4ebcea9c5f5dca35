import type {Tokenizer} from '../../model/tokenizer.js';

/** A word of a text and the places of its tokens in the row. */
export interface TextWord {
  /** As the tokenizer cleaned it. */
  readonly word: string;
  readonly first: number;
  /** The token that has seen the whole word. */
  readonly last: number;
}

/**
 * The words of one row of tokens, punctuation as words of its own: what the tokenizer decodes has one space between words, so
 * a token belongs to the word that has as many spaces before it.
 * @param ids one row, with start and end token
 * @param end place of the end token
 */
export function textWords(
  tokenizer: Pick<Tokenizer, 'decode'>,
  ids: ArrayLike<number>,
  end: number,
): TextWord[] {
  const row = Array.from(ids).slice(0, end);
  const words = tokenizer.decode(row).split(' ');
  const wordAt = row.map((_, place) => spaces(tokenizer.decode(row.slice(0, place + 1))));
  return words.flatMap((word, w) => {
    // the start token decodes to nothing and would be part of the first word
    const places = wordAt.flatMap((own, place) => (own === w && place > 0 ? [place] : []));
    return places.length === 0 ? [] : [{word, first: places[0]!, last: places.at(-1)!}];
  });
}

function spaces(text: string): number {
  return text.split(' ').length - 1;
}
