import type {Candidate, Reading} from './candidates.js';
import type {Term} from './terms.js';

/**
 * S(w) of every term (Campos et al., YAKE!, Information Sciences 509, 2020), small for words that matter:
 * S(w) = TRel TPos / (TCase + TFreq / TRel + TSentence / TRel).
 */
export function termScores({terms, sentences}: Reading): ReadonlyMap<Term, number> {
  const counts = terms.filter(({isStopWord}) => !isStopWord).map(({count}) => count);
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / counts.length;
  const text = {
    sentences,
    mostFrequent: terms.reduce((most, {count}) => Math.max(most, count), 0),
    usual: mean + Math.sqrt(variance),
  };
  return new Map(terms.map((term) => [term, termScore(term, text)]));
}

interface TextNumbers {
  readonly sentences: number;
  /** Count of the most frequent term, stop words included. */
  readonly mostFrequent: number;
  /** Mean plus standard deviation of the counts of all words but stop words. */
  readonly usual: number;
}

function termScore(term: Term, {sentences, mostFrequent, usual}: TextNumbers): number {
  const weight = term.count / mostFrequent;
  const relatedness = 0.5 + distinctShare(term.left) * weight + (0.5 + distinctShare(term.right) * weight);
  const frequency = term.count / usual;
  const spread = term.sentences.length / sentences;
  const casing = Math.max(term.acronyms, term.capitalised) / (1 + Math.log(term.count));
  const position = Math.log(Math.log(3 + median(term.sentences)));
  return (position * relatedness) / (casing + frequency / relatedness + spread / relatedness);
}

/** Different neighbours among all: near 1 for a word that stands beside anything, as stop words do. */
function distinctShare(neighbours: ReadonlyMap<Term, number>): number {
  const all = [...neighbours.values()].reduce((sum, count) => sum + count, 0);
  return all === 0 ? 0 : neighbours.size / all;
}

/** Of ascending numbers. */
function median(ascending: readonly number[]): number {
  const middle = ascending.length >> 1;
  if (ascending.length % 2 === 1) return ascending[middle]!;
  return (ascending[middle - 1]! + ascending[middle]!) / 2;
}

/**
 * S(kw) = prod S(w) / (TF(kw) (1 + sum S(w))). A stop word inside counts by how firmly it is tied to both of its
 * neighbours: with p the product of the two bigram probabilities it puts 2 - p into the product and p - 1 into the sum.
 */
export function candidateScore({terms, count}: Candidate, scores: ReadonlyMap<Term, number>): number {
  let product = 1;
  let sum = 0;
  terms.forEach((term, i) => {
    if (!term.isStopWord) {
      sum += scores.get(term)!;
      product *= scores.get(term)!;
      return;
    }
    const tie = bond(terms[i - 1]!, term, 'count-before') * bond(term, terms[i + 1]!, 'count-after');
    product *= 1 + (1 - tie);
    sum -= 1 - tie;
  });
  return product / ((sum + 1) * count);
}

/** How often `before` stands before `after`, as a share of the occurrences of the one that is no stop word. */
function bond(before: Term, after: Term, share: 'count-before' | 'count-after'): number {
  const together = before.right.get(after) ?? 0;
  return together / (share === 'count-before' ? before.count : after.count);
}
