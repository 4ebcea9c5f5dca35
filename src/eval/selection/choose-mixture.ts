/** What held-out images say about a mixture of the weights before and after training. */
export interface MixtureScores {
  /** Share of the trained weights: 0 is the model before the run, 1 the trained one. */
  readonly share: number;
  /** [n] score of each held-out image, higher is better; the same images for every mixture. */
  readonly scores: Float64Array;
}

/**
 * Shares that are looked at. More gives a domain more and costs more of the rest (arXiv:2109.01903, section 4), of which held-out
 * images of the domain say nothing: with 30 % no set of docs/results.md loses more than 2 points elsewhere, with 45 % up to 3.
 */
export const mixtureShares = [0, 0.15, 0.3] as const;

/** Where to go without evidence: the most. */
export const usualShare = 0.3;

/**
 * The largest share whose mean score is within one standard error of the best: few held-out images seldom tell mixtures apart, and
 * then the weights before, which have learnt nothing, are no good guess.
 * The standard error is that of the differences to the best image by image, so that what is hard for all mixtures does not count.
 * @param candidates at least one
 */
export function chooseMixture(candidates: readonly MixtureScores[]): MixtureScores {
  const best = candidates.reduce((a, b) => (mean(b.scores) > mean(a.scores) ? b : a));
  const good = candidates.filter(({scores}) => isWithinOneError(scores, best.scores));
  return good.reduce((a, b) => (b.share > a.share ? b : a));
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
