import type {TaggedWord} from './tag.js';

/** What a text says about one word, inflections in -s and case taken together. */
export interface Term {
  readonly word: string;
  readonly isStopWord: boolean;
  /** Occurrences. */
  count: number;
  /** Occurrences all in capitals. */
  acronyms: number;
  /** Occurrences with a capital letter that do not begin a sentence. */
  capitalised: number;
  /** Sentences that hold it, ascending. */
  readonly sentences: number[];
  /** Words before and after it within its window, with how often. */
  readonly left: Map<Term, number>;
  readonly right: Map<Term, number>;
}

/** A word of a block in its place. */
export interface PlacedWord extends TaggedWord {
  readonly term: Term;
}

/** Single characters, and words of two letters, carry no meaning. */
const shortestWord = 3;

/** The terms of a text by their word, filled as the text is read. */
export class TermTable {
  private readonly terms = new Map<string, Term>();

  constructor(private readonly stopWords: ReadonlySet<string>) {}

  /** All terms in the order of their first occurrence. */
  all(): Term[] {
    return [...this.terms.values()];
  }

  /** The term of a written word, made when it is new. */
  termOf(written: string): Term {
    const lower = written.toLowerCase();
    const word = lower.endsWith('s') && lower.length > shortestWord ? lower.slice(0, -1) : lower;
    const known = this.terms.get(word);
    if (known !== undefined) return known;
    const letters = word.replaceAll(/[!-/:-@[-`{-~]/g, '');
    const isStopWord =
      this.stopWords.has(lower) || this.stopWords.has(word) || [...letters].length < shortestWord;
    const term: Term = {
      ...{word, isStopWord, count: 0, acronyms: 0, capitalised: 0},
      ...{sentences: [], left: new Map<Term, number>(), right: new Map<Term, number>()},
    };
    this.terms.set(word, term);
    return term;
  }
}

/** Notes one occurrence of a term. */
export function noteOccurrence(term: Term, {tag}: TaggedWord, sentence: number): void {
  term.count += 1;
  if (tag === 'acronym') term.acronyms += 1;
  if (tag === 'capitalised') term.capitalised += 1;
  if (term.sentences.at(-1) !== sentence) term.sentences.push(sentence);
}

/** Notes that one term stands shortly before another. */
export function noteNeighbours(before: Term, after: Term): void {
  before.right.set(after, (before.right.get(after) ?? 0) + 1);
  after.left.set(before, (after.left.get(before) ?? 0) + 1);
}
