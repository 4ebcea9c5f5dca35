/**
 * YAKE of one phrase by scanning the text again for every number that is asked for: sentences are lists of words and
 * punctuation, all plain letters; stop words are given. Window of one word; equations 1 to 7 of the paper.
 */
export function yakeOfPhrase(
  sentences: readonly (readonly string[])[],
  phrase: string,
  stopWords: ReadonlySet<string>,
): number {
  const words = phrase.split(' ').map(termOf);
  let product = 1;
  let sum = 0;
  for (let i = 0; i < words.length; i++) {
    if (!isStop(words[i]!, stopWords)) {
      product *= yakeOfWord(sentences, words[i]!, stopWords);
      sum += yakeOfWord(sentences, words[i]!, stopWords);
      continue;
    }
    const before = pairs(sentences, words[i - 1]!, words[i]!) / occurrences(sentences, words[i - 1]!);
    const after = pairs(sentences, words[i]!, words[i + 1]!) / occurrences(sentences, words[i + 1]!);
    product *= 2 - before * after;
    sum -= 1 - before * after;
  }
  return product / (timesWritten(sentences, phrase) * (1 + sum));
}

function yakeOfWord(
  sentences: readonly (readonly string[])[],
  word: string,
  stopWords: ReadonlySet<string>,
): number {
  const vocabulary = [...new Set(sentences.flat().filter(isWord).map(termOf))];
  const counts = vocabulary.map((other) => occurrences(sentences, other));
  const valid = vocabulary.filter((other) => !isStop(other, stopWords));
  const validCounts = valid.map((other) => occurrences(sentences, other));
  const mean = validCounts.reduce((a, b) => a + b) / valid.length;
  const deviation = Math.sqrt(validCounts.reduce((a, b) => a + (b - mean) * (b - mean), 0) / valid.length);
  const own = occurrences(sentences, word);
  const most = Math.max(...counts);

  const holding = sentences.flatMap((sentence, s) => (sentence.some((w) => termOf(w) === word) ? [s] : []));
  const middle = (holding.length - 1) / 2;
  const median = (holding[Math.floor(middle)]! + holding[Math.ceil(middle)]!) / 2;

  const left = vocabulary.map((other) => pairs(sentences, other, word)).filter((n) => n > 0);
  const right = vocabulary.map((other) => pairs(sentences, word, other)).filter((n) => n > 0);
  const dl = left.length === 0 ? 0 : left.length / left.reduce((a, b) => a + b);
  const dr = right.length === 0 ? 0 : right.length / right.reduce((a, b) => a + b);

  const tRel = 1 + (dl + dr) * (own / most);
  const tPos = Math.log(Math.log(3 + median));
  const tCase = Math.max(acronyms(sentences, word), capitals(sentences, word)) / (1 + Math.log(own));
  const tFreq = own / (mean + deviation);
  const tSentence = holding.length / sentences.length;
  return (tRel * tPos) / (tCase + tFreq / tRel + tSentence / tRel);
}

function isWord(text: string): boolean {
  return /[a-z0-9]/i.test(text);
}

function termOf(text: string): string {
  const lower = text.toLowerCase();
  return lower.length > 3 && lower.endsWith('s') ? lower.slice(0, lower.length - 1) : lower;
}

function isStop(term: string, stopWords: ReadonlySet<string>): boolean {
  return term.length < 3 || stopWords.has(term) || stopWords.has(`${term}s`);
}

function occurrences(sentences: readonly (readonly string[])[], term: string): number {
  return sentences.flat().filter((word) => termOf(word) === term).length;
}

/** How often one term stands directly before another. */
function pairs(sentences: readonly (readonly string[])[], first: string, second: string): number {
  let found = 0;
  for (const sentence of sentences) {
    for (let i = 1; i < sentence.length; i++) {
      if (!isWord(sentence[i - 1]!) || !isWord(sentence[i]!)) continue;
      if (termOf(sentence[i - 1]!) === first && termOf(sentence[i]!) === second) found += 1;
    }
  }
  return found;
}

function acronyms(sentences: readonly (readonly string[])[], term: string): number {
  return sentences.flat().filter((word) => termOf(word) === term && word === word.toUpperCase()).length;
}

function capitals(sentences: readonly (readonly string[])[], term: string): number {
  let found = 0;
  for (const sentence of sentences) {
    sentence.forEach((word, i) => {
      if (i > 0 && termOf(word) === term && /^[A-Z][a-z]+$/.test(word)) found += 1;
    });
  }
  return found;
}

/** Occurrences of the phrase as words in a row, whatever the case. */
function timesWritten(sentences: readonly (readonly string[])[], phrase: string): number {
  const wanted = phrase.toLowerCase().split(' ');
  let found = 0;
  for (const sentence of sentences) {
    for (let i = 0; i + wanted.length <= sentence.length; i++) {
      if (wanted.every((word, j) => sentence[i + j]!.toLowerCase() === word)) found += 1;
    }
  }
  return found;
}
