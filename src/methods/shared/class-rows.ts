import type {HostArray} from '../../engine/step.js';

/** The rows with the given numbers: [n, d] -> [k, d]. */
export function pickRows({shape, data}: HostArray, numbers: readonly number[]): HostArray {
  const dim = shape[1]!;
  const picked = new Float32Array(numbers.length * dim);
  numbers.forEach((number, row) => picked.set(data.subarray(number * dim, (number + 1) * dim), row * dim));
  return {shape: [numbers.length, dim], data: picked};
}

/** [n, c], 1 at the class of each row. */
export function oneHotRows(labels: readonly number[], classes: number): HostArray {
  const data = new Float32Array(labels.length * classes);
  labels.forEach((label, row) => (data[row * classes + label] = 1));
  return {shape: [labels.length, classes], data};
}

/** Share of the rows of logits [n, c] whose largest entry is the right one; of equal ones the first counts. */
export function accuracy({shape: [, classes = 0], data}: HostArray, labels: readonly number[]): number {
  const right = labels.filter((label, row) => {
    const logits = data.subarray(row * classes, (row + 1) * classes);
    return logits.indexOf(Math.max(...logits)) === label;
  });
  return right.length / labels.length;
}
