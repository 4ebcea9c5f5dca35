export interface TemplateFeatures {
  /** [c*m, d] text features, the m templates of class 0 first; their length does not matter. */
  readonly features: ArrayLike<number>;
  readonly classes: number;
  readonly templates: number;
  /** d. */
  readonly dim: number;
}

/**
 * Zero-shot class weights [c, d], rows of unit length: normalise(mean over the templates of the normalised text
 * features), as CLIP does (arXiv:2103.00020, section 3.1.4).
 */
export function classWeights({features, classes, templates, dim}: TemplateFeatures): Float64Array {
  const weights = new Float64Array(classes * dim);
  for (let c = 0; c < classes; c++) {
    const weight = weights.subarray(c * dim, (c + 1) * dim);
    for (let m = 0; m < templates; m++) addNormalised(weight, features, (c * templates + m) * dim);
    scaleInPlace(weight, 1 / norm(weight, 0, dim));
  }
  return weights;
}

/** Adds features[start .. start + d), scaled to unit length, to the sum. */
function addNormalised(sum: Float64Array, features: ArrayLike<number>, start: number): void {
  const length = norm(features, start, sum.length);
  for (let k = 0; k < sum.length; k++) sum[k] = sum[k]! + features[start + k]! / length;
}

function norm(values: ArrayLike<number>, start: number, dim: number): number {
  let squares = 0;
  for (let k = 0; k < dim; k++) squares += values[start + k]! ** 2;
  // the same guard as in the towers: a zero feature stays zero instead of becoming NaN
  return Math.max(Math.sqrt(squares), 1e-12);
}

function scaleInPlace(values: Float64Array, factor: number): void {
  for (let k = 0; k < values.length; k++) values[k] = values[k]! * factor;
}
