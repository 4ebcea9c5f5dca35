import {unescapeHtml} from '../../../model/tokenizer/unescape-html.js';
import {sentenceTerminals, wordHyphens} from './text-signs.js';

/*
 * The word rules of segtok 1.5 (Leitner, MIT licence), which YAKE reads texts with: dots, commas, colons, hyphens and
 * apostrophes stay inside a word, addresses stay whole, the sign that ends a sentence is a word of its own.
 */
const alnum = String.raw`[\p{Ll}\p{Lm}\p{Lt}\p{Lu}\p{Nd}\p{Nl}]`;
const numeric = String.raw`[\p{Nd}\p{Nl}]`;
const letter = String.raw`[\p{Ll}\p{Lm}\p{Lt}\p{Lu}]`;
const apostrophe = '[´ʹʼ’′]';
const hyphen = `[${wordHyphens}]`;

const wordSource = `(?:${[
  String.raw`${alnum}\.(?!\.\.)`,
  `${alnum},(?=${alnum})`,
  `${numeric}:(?=${numeric})`,
  `${alnum}${apostrophe}?${hyphen}(?=${alnum})`,
  `${apostrophe}(?!${apostrophe})`,
  `${alnum}'(?=${alnum})`,
  `s'$`,
  // powers of units and counts of atoms
  String.raw`\b[yzafpnµmcdhkMGTPEZY]?${letter}{1,3}⁻?[¹²³]$`,
  String.raw`\b(?:[A-Z][a-z]?|[)\]])+[₀-₉]+(?:[²³]?[⁺⁻])?`,
  alnum,
].join('|')})+`;

const scheme = String.raw`[A-Za-z_]+://(?:[^@]+@)?(?:[\w-]+\.)+\w+(?::\d+)?(?:/[^?#\s'">)\]}]*)?(?:\?[^#\s'">)\]}]+)?(?:#[^\s'">)\]}]+)?`;
const email = String.raw`[\w.#$%&'*+/=!?^${'`'}{|}~-]+@(?:[\w-]+\.)+\w+`;
const addressSource = String.raw`(?<=^|[\s<"'([{])(${scheme}|${email})(?=[\s>"')\]}]|$)`;

const contraction = new RegExp(`^(?:${alnum}+(?:${hyphen}${alnum}+)*)['´ʹʼ’′](?:d|ll|m|re|s|t|ve)$`, 'u');
const anyApostrophe = /['´ʹʼ’′]/u;

/** The words and signs of one sentence; what stands for a contraction (`'s`, `n't` stays) is left out as YAKE does. */
export function yakeWords(sentence: string): string[] {
  const parts = sentence.split(new RegExp(addressSource, 'u'));
  const words = parts.flatMap((part, i) => (i % 2 === 1 ? [part] : plainWords(unescapeHtml(part))));
  return words
    .flatMap(splitContraction)
    .filter((word) => word !== '' && !(word.startsWith("'") && word.length > 1));
}

function plainWords(text: string): string[] {
  const separating = new RegExp(`(${wordSource})`, 'u');
  const words = text
    .split(/\s+/u)
    .flatMap((span) => span.split(separating))
    .filter((word) => word !== '');
  return withoutDanglingSigns(withoutTerminal(words));
}

/** Parts the sign that ends the sentence from the last word, if that has one at its beginning or end. */
function withoutTerminal(words: readonly string[]): string[] {
  const startsAsWord = new RegExp(`^${wordSource}`, 'u');
  const startsWithApostrophe = new RegExp(`^${apostrophe}`, 'u');
  const isTerminal = (sign: string | undefined) => sign !== undefined && sentenceTerminals.includes(sign);
  for (let place = words.length - 1; place >= Math.max(0, words.length - 3); place--) {
    const word = words[place]!;
    const isWord = startsAsWord.test(word) && !startsWithApostrophe.test(word);
    if (!isWord && ![...word].some(isTerminal)) continue;
    if (word.length === 1 || word === '...') return [...words];
    const parted = isTerminal(word.at(-1))
      ? [word.slice(0, -1), word.slice(-1)]
      : isTerminal(word[0])
        ? [word.slice(0, 1), word.slice(1)]
        : [word];
    return [...words.slice(0, place), ...parted, ...words.slice(place + 1)];
  }
  return [...words];
}

/** Parts commas, colons and semicolons from the ends of words. */
function withoutDanglingSigns(words: readonly string[]): string[] {
  return words.flatMap((word) => {
    const [, body = '', signs = ''] = /^(.+?)([,;:]*)$/su.exec(word) ?? [];
    return [body, ...signs];
  });
}

/** `don't` -> `do`, `n't`; `man's` -> `man`, `'s`. */
function splitContraction(word: string): string[] {
  if (!contraction.test(word)) return [word];
  const place = word.search(anyApostrophe);
  const at = word.endsWith('t') && word[place - 1] === 'n' && place + 2 === word.length ? place - 1 : place;
  return [word.slice(0, at), word.slice(at)];
}
