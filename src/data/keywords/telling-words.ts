import {clauses, stemmer} from './stems.js';
import {englishStopWords} from './stop-words.js';

/** A function that gives the stems of the words that say something in some texts, English words of grammar left out. */
export function tellingWords(): (texts: readonly string[]) => ReadonlySet<string> {
  const stemOf = stemmer();
  const stopWords = englishStopWords();
  return (texts) => {
    const words = texts.flatMap((text) => clauses(text).flat());
    return new Set(words.filter((word) => !stopWords.has(word.toLowerCase())).map(stemOf));
  };
}
