import type {ClipConfig} from '../../model/clip-config.js';

/** What gained most in small models, of the rates of docs/results.md. */
const rate = 1e-4;

/** The width of those models. */
const width = 256;

/**
 * The peak learning rate where none is asked for: 1e-4 up to transformers of 256, and less the wider the widest is, as the best
 * rate of Adam falls with the width (arXiv:2203.03466): 5e-5 for RN50, 3.3e-5 for ViT-B, 2.5e-5 for ViT-L.
 */
export function usualRate({vision, text}: Pick<ClipConfig, 'vision' | 'text'>): number {
  const widest = Math.max(text.width, vision.kind === 'vit' ? vision.width : 0);
  return Number((rate * Math.min(1, width / widest)).toPrecision(2));
}
