import {dotProducts, firstArgMax, type Matrix} from './matrix.js';

/** Keyword targets, one unpaired image after the other. */
export function keywordTargets(inputs: {
  readonly plan: Matrix;
  readonly labels: Matrix;
  readonly queries: Matrix;
  readonly words: Matrix;
  readonly scale: number;
  readonly share: 'ratio' | 'softmax';
}): number[][] {
  const {plan, labels, queries, words, scale, share} = inputs;
  const cosines = dotProducts(queries, words);
  return cosines.map((row, a) => {
    const held = labels[firstArgMax(plan[a]!)]!;
    const candidates = row.flatMap((_, c) => (held[c] === 1 ? [c] : []));
    const target = row.map(() => 0);
    if (candidates.length === 1) target[candidates[0]!] = 1;
    if (candidates.length > 1) {
      const weigh = (c: number) => (share === 'ratio' ? row[c]! : Math.exp(scale * row[c]!));
      const sum = candidates.reduce((total, c) => total + weigh(c), 0);
      for (const c of candidates) target[c] = weigh(c) / sum;
    }
    return target;
  });
}
