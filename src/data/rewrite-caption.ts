/** Share of the words that a rewriting changes, as EDA advises for little text; at least one. */
const changedShare = 0.1;

type Rewriting = (words: readonly string[], random: (draw: number) => number) => string[];

/** As many pairs of places change their words. */
const exchange: Rewriting = (words, random) => {
  const changed = [...words];
  for (let k = 0; k < changes(words); k++) {
    const [i, j] = [place(words, random(2 * k)), place(words, random(2 * k + 1))];
    [changed[i], changed[j]] = [changed[j]!, changed[i]!];
  }
  return changed;
};

/** Each word is left out with that chance; one stays. */
const leaveOut: Rewriting = (words, random) => {
  const left = words.filter((_, i) => random(i) >= changedShare);
  return left.length > 0 ? left : [words[place(words, random(words.length))]!];
};

/** As many words come once more, anywhere. */
const repeat: Rewriting = (words, random) => {
  const changed = [...words];
  for (let k = 0; k < changes(words); k++) {
    const word = words[place(words, random(2 * k))]!;
    changed.splice(Math.floor(random(2 * k + 1) * (changed.length + 1)), 0, word);
  }
  return changed;
};

const rewritings = [exchange, leaveOut, repeat];

/**
 * A caption with some of its words exchanged, left out or repeated, one of the three drawn: easy data augmentation (Wei
 * and Zou 2019, arXiv:1901.11196) as far as it needs no dictionary. Its replacement and insertion of synonyms do; what is
 * inserted here is a word of the caption. A single word stays as it is.
 * @param random the draws of this rewriting, in [0, 1), by their number
 */
export function rewriteCaption(caption: string, random: (draw: number) => number): string {
  const words = wordsOf(caption);
  if (words.length < 2) return caption;
  const rewriting = rewritings[Math.floor(random(0) * rewritings.length)]!;
  return rewriting(words, (draw) => random(draw + 1)).join(' ');
}

function wordsOf(caption: string): string[] {
  return caption.split(/\s+/u).filter((word) => word !== '');
}

function changes(words: readonly string[]): number {
  return Math.max(1, Math.round(changedShare * words.length));
}

function place(words: readonly string[], draw: number): number {
  return Math.floor(draw * words.length);
}
