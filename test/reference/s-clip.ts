import {contrastiveLoss, softCrossEntropy, softmaxRow} from './contrastive.js';
import {dotProducts, firstArgMax, scaled, type Matrix} from './matrix.js';
import {keywordTargets} from './partial-label.js';
import {sinkhorn} from './transport.js';

/** Unit rows: b images and texts, u queries, k words; labels [b, k]. */
export interface SClipInputs {
  readonly images: Matrix;
  readonly texts: Matrix;
  readonly queries: Matrix;
  readonly words: Matrix;
  readonly labels: Matrix;
  readonly scale: number;
}

export interface SClipOptions {
  readonly transport: 'ot' | 'soft' | 'hard';
  readonly assign: 'image' | 'text';
  readonly iterations?: number;
  readonly regularisation?: number;
  readonly share?: 'ratio' | 'softmax';
  readonly negatives?: boolean;
}

/** What pseudo-labels are made of: held fixed when a gradient does not run through them. */
export interface PseudoLabels {
  readonly plan: Matrix;
  readonly targets: Matrix;
}

export interface SClipTerms {
  readonly contrastive: number;
  readonly caption: number;
  readonly keyword: number;
}

export function pseudoLabels(inputs: SClipInputs, options: SClipOptions): PseudoLabels {
  const plan = captionPlan(inputs, options);
  return {plan, targets: keywordTargets({...inputs, plan, share: options.share ?? 'softmax'})};
}

/** The three terms of S-CLIP, the built-in halves included. */
export function sClipTerms(
  {images, texts, queries, words, scale}: SClipInputs,
  {plan, targets}: PseudoLabels,
  {negatives = true}: {readonly negatives?: boolean} = {},
): SClipTerms {
  return {
    contrastive: contrastiveLoss(images, texts, scale, negatives ? queries : []),
    caption: softCrossEntropy(scaled(dotProducts(queries, texts), scale), plan) / 2,
    keyword: softCrossEntropy(scaled(dotProducts(queries, words), scale), targets) / 2,
  };
}

export function captionPlan({images, texts, queries, scale}: SClipInputs, options: SClipOptions): number[][] {
  const similarity = dotProducts(queries, options.assign === 'text' ? texts : images);
  switch (options.transport) {
    case 'hard':
      return similarity.map((row) => row.map((_, j) => (j === firstArgMax(row) ? 1 : 0)));
    case 'soft':
      return scaled(similarity, scale).map(softmaxRow);
    case 'ot':
      return sinkhorn(similarity, options.regularisation ?? 1 / scale, options.iterations ?? 10).plan;
  }
}
