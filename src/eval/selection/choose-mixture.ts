/** What held-out images say about a mixture of the weights before and after training. */
export interface MixtureScores {
  /** Share of the trained weights: 0 is the model before the run, 1 the trained one. */
  readonly share: number;
  /** [n] score of each held-out image, higher is better; the same images for every mixture. */
  readonly scores: Float64Array;
}

/**
 * Shares that are looked at. Half-way most of what training gives a domain is there and little of the rest is lost; beyond it is
 * the other way round (arXiv:2109.01903, section 4, and LOG.md, 2026-12-02), of which held-out images of the domain say nothing.
 */
export const mixtureShares = [0, 0.15, 0.3, 0.45] as const;

/** Where to go without evidence: what gained in all domains of LOG.md, 2026-12-02, and lost at most 2.4 points elsewhere. */
export const usualShare = 0.3;

/**
 * The share nearest to {@link usualShare} whose mean score is within one standard error of the best (as in Breiman et al. 1984,
 * section 3.4.3, where the simplest is taken): few held-out images seldom tell mixtures apart, and then neither the weights before,
 * which have learnt nothing, nor the last, which have forgotten most, are a good guess. Of two shares as near, the smaller.
 * The standard error is that of the differences to the best image by image, so that what is hard for all mixtures does not count.
 * @param candidates in the order of their shares, at least one
 */
export function chooseMixture(candidates: readonly MixtureScores[]): MixtureScores {
  const best = candidates.reduce((a, b) => (mean(b.scores) > mean(a.scores) ? b : a));
  const good = candidates.filter(({scores}) => isWithinOneError(scores, best.scores));
  // in whole percent, so that 0.15 and 0.45 are equally far from 0.3
  const distance = ({share}: MixtureScores) => Math.round(100 * Math.abs(share - usualShare));
  return good.reduce((a, b) => (distance(b) < distance(a) ? b : a));
}

/** Mean of numbers; NaN of none. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

function isWithinOneError(scores: Float64Array, best: Float64Array): boolean {
  const differences = best.map((value, i) => value - scores[i]!);
  const behind = mean(differences);
  const variance = mean(differences.map((value) => (value - behind) ** 2));
  const count = differences.length;
  return behind <= Math.sqrt(variance / Math.max(1, count - 1));
}
