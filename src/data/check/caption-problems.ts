import type {LocatedRow} from '../located-rows.js';
import type {FoundProblem} from './problem-kinds.js';

/** How captions are counted in tokens. */
export interface TokenCount {
  /** Tokens of a caption with start and end, however many. */
  readonly of: (caption: string) => number;
  /** Tokens that the model reads. */
  readonly context: number;
}

/** What is wrong with the captions of a row. */
export function captionProblems(
  {captions, blankCaptions = 0}: Pick<LocatedRow, 'captions' | 'blankCaptions'>,
  {tokens, areNeeded}: {readonly tokens: TokenCount; readonly areNeeded: boolean},
): FoundProblem[] {
  const found: FoundProblem[] = [];
  if (captions.length === 0 && areNeeded) {
    found.push({kind: 'no-caption', detail: blankCaptions > 0 ? 'what is written is blank' : ''});
  } else if (blankCaptions > 0) found.push({kind: 'blank-caption', detail: `${blankCaptions}`});
  for (const caption of captions) {
    if (caption.includes('\ufffd')) found.push({kind: 'not-utf8', detail: shortened(caption)});
    const length = tokens.of(caption);
    if (length > tokens.context) {
      found.push({kind: 'long-caption', detail: `${length} tokens: ${shortened(caption)}`});
    }
  }
  return found;
}

function shortened(text: string): string {
  const letters = [...text.replaceAll(/\s+/g, ' ').trim()];
  return letters.length <= 60 ? letters.join('') : `${letters.slice(0, 59).join('')}…`;
}

/** What is remarkable about a whole set, in one sentence each. */
export interface SetFinding {
  readonly kind: 'one-caption' | 'class-imbalance';
  readonly says: string;
}

/** One caption on more than this share of the images teaches little. */
const mostShare = 0.5;
/** Classes that differ in size by more than this. */
const mostImbalance = 10;

/** Collects captions and classes row by row; different captions are kept once each. */
export function setFindings(): {
  add(captions: readonly string[], label: string | null): void;
  findings(): SetFinding[];
} {
  const images = new Map<string, number>();
  const classes = new Map<string, number>();
  let captioned = 0;
  return {
    add(captions, label) {
      if (captions.length > 0) captioned++;
      for (const caption of new Set(captions)) images.set(caption, (images.get(caption) ?? 0) + 1);
      if (label !== null) classes.set(label, (classes.get(label) ?? 0) + 1);
    },
    findings: () => [...oneCaption(images, captioned), ...imbalance(classes)],
  };
}

function oneCaption(images: ReadonlyMap<string, number>, captioned: number): SetFinding[] {
  const [caption, count] = largest(images);
  if (captioned < 4 || count <= mostShare * captioned) return [];
  const says = `"${shortened(caption)}" is a caption of ${count} of ${captioned} images: captions that tell images apart teach more`;
  return [{kind: 'one-caption', says}];
}

function imbalance(classes: ReadonlyMap<string, number>): SetFinding[] {
  const [most, count] = largest(classes);
  const [least, few] = [...classes].reduce((a, b) => (b[1] < a[1] ? b : a), ['', Infinity]);
  if (classes.size < 2 || count <= mostImbalance * few) return [];
  const says = `class ${most} has ${count} images, ${least} has ${few}: accuracy over all images speaks for the large classes`;
  return [{kind: 'class-imbalance', says}];
}

function largest(counts: ReadonlyMap<string, number>): readonly [string, number] {
  return [...counts].reduce((a, b) => (b[1] > a[1] ? b : a), ['', 0]);
}
