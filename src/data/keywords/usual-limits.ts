import type {ExtractionOptions} from './extract.js';

/** Below so many captions a share says little, and five captions are many. */
const fewCaptions = 100;

/**
 * The limits of SemiCLIP (ICLR 2025, its released code): in five captions or more, in less than 30 % of them, longer than two
 * characters; with few captions, in two or more.
 */
export function usualLimits(
  captions: number,
): Pick<ExtractionOptions, 'minCount' | 'maxShare' | 'minLength'> {
  if (captions < fewCaptions) return {minCount: 2, maxShare: 1, minLength: 3};
  return {minCount: 5, maxShare: 0.3, minLength: 3};
}
