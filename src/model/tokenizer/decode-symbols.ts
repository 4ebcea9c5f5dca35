import {endOfWord} from './byte-pair-tokenizer.js';
import {byteSymbols} from './byte-symbols.js';

/** The text behind tokens given as byte symbols: words separated by one space, bytes that are no UTF-8 as U+FFFD. */
export function decodeSymbols(symbols: readonly string[]): string {
  const byteOf = new Map([...byteSymbols()].map(([byte, symbol]) => [symbol, byte]));
  const words = symbols.join('').split(endOfWord);
  return words
    .map((word) => Buffer.from([...word].flatMap((symbol) => byteOf.get(symbol) ?? [])).toString('utf8'))
    .join(' ')
    .trimEnd();
}
