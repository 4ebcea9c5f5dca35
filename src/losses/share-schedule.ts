/** Where a share starts and ends, both in [0, 1]. */
export interface ShareSchedule {
  readonly start: number;
  readonly end: number;
}

/**
 * The share of a batch that learns from soft targets, along half a cosine from start to end (our reading of the
 * progression of CLIP-PSD, arXiv:2204.04588, which prints no formula).
 * @param progress share of the training done, in [0, 1]
 */
export function cosineShare({start, end}: ShareSchedule, progress: number): number {
  return end + ((start - end) * (1 + Math.cos(Math.PI * progress))) / 2;
}

/** Whole rows of a batch of n that a share covers. */
export function sharedRows(share: number, n: number): number {
  return Math.floor(share * n);
}
