import {logSumExp} from '../../support/log-sum-exp.js';

/**
 * The loss of CLIP on pairs, 1/2 [CE(s I T^t, diag) + CE(s T I^t, diag)], in float64 on the host.
 * @param images [n, d], rows of unit length
 * @param texts [n, d], rows of unit length
 * @param options.scale s = exp(logit_scale)
 */
export function pairLoss(
  images: Float32Array,
  texts: Float32Array,
  {dim, scale}: {readonly dim: number; readonly scale: number},
): number {
  const n = images.length / dim;
  const logits = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let k = 0; k < dim; k++) sum += images[i * dim + k]! * texts[j * dim + k]!;
      logits[i * n + j] = scale * sum;
    }
  }
  let loss = 0;
  for (let i = 0; i < n; i++) {
    loss += logSumExp(n, (j) => logits[i * n + j]!) + logSumExp(n, (j) => logits[j * n + i]!);
    loss -= 2 * logits[i * n + i]!;
  }
  return loss / (2 * n);
}
