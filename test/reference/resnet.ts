/** The parts of CLIP's ResNet in plain float64 loops, over whole batches. */
import {attend, linearRow, type Numbers} from './transformer.js';

/** n maps of h x w pixels with c channels, row-major. */
export interface Maps {
  readonly shape: readonly [n: number, h: number, w: number, c: number];
  readonly data: Float64Array;
}

export const batchNormEpsilon = 1e-5;

function mapsOf(shape: Maps['shape'], value: (n: number, y: number, x: number, c: number) => number): Maps {
  const [n, h, w, c] = shape;
  const data = new Float64Array(n * h * w * c);
  data.forEach((_, k) => {
    const pixel = Math.floor(k / c);
    data[k] = value(Math.floor(pixel / (h * w)), Math.floor(pixel / w) % h, pixel % w, k % c);
  });
  return {shape, data};
}

function at(
  {shape: [, h, w, c], data}: Maps,
  n: number,
  [y, x, channel]: readonly [number, number, number],
): number {
  return y < 0 || x < 0 || y >= h || x >= w ? 0 : data[((n * h + y) * w + x) * c + channel]!;
}

/** Convolution with a kernel [size, size, in, out] and a border of (size - 1) / 2 zeros all around. */
export function convolve(
  maps: Maps,
  kernel: ArrayLike<number>,
  {size, stride = 1}: {size: number; stride?: number},
): Maps {
  const [n, h, w, from] = maps.shape;
  const to = kernel.length / (size * size * from);
  const border = (size - 1) / 2;
  const shape = [n, Math.ceil(h / stride), Math.ceil(w / stride), to] as const;
  return mapsOf(shape, (i, y, x, o) => {
    let sum = 0;
    for (let dy = 0; dy < size; dy++)
      for (let dx = 0; dx < size; dx++)
        for (let c = 0; c < from; c++) {
          const place = [y * stride + dy - border, x * stride + dx - border, c] as const;
          sum += at(maps, i, place) * kernel[((dy * size + dx) * from + c) * to + o]!;
        }
    return sum;
  });
}

export interface Moments {
  readonly mean: ArrayLike<number>;
  readonly variance: ArrayLike<number>;
}

/** Mean and biased variance of every channel over the whole batch. */
export function moments({shape, data}: Maps): {mean: number[]; variance: number[]} {
  const c = shape[3];
  const rows = data.length / c;
  const column = (j: number): number[] => Array.from({length: rows}, (_, i) => data[i * c + j]!);
  const mean = Array.from({length: c}, (_, j) => column(j).reduce((sum, x) => sum + x, 0) / rows);
  const variance = mean.map((m, j) => column(j).reduce((sum, x) => sum + (x - m) ** 2, 0) / rows);
  return {mean, variance};
}

export function normalize(
  maps: Maps,
  {mean, variance}: Moments,
  gamma: ArrayLike<number>,
  beta: ArrayLike<number>,
): Maps {
  return mapsOf(maps.shape, (n, y, x, c) => {
    const centred = at(maps, n, [y, x, c]) - mean[c]!;
    return (centred / Math.sqrt(variance[c]! + batchNormEpsilon)) * gamma[c]! + beta[c]!;
  });
}

/** Batch norm of `<name>`: with its own statistics in training mode, else with the running ones. */
export function batchNorm(maps: Maps, numbers: Numbers, name: string, training: boolean): Maps {
  const running = {mean: numbers[`${name}.running_mean`]!, variance: numbers[`${name}.running_var`]!};
  return normalize(
    maps,
    training ? moments(maps) : running,
    numbers[`${name}.weight`]!,
    numbers[`${name}.bias`]!,
  );
}

export function relu({shape, data}: Maps): Maps {
  return {shape, data: data.map((value) => Math.max(0, value))};
}

/** Means of 2 x 2 squares. */
export function halve(maps: Maps): Maps {
  const [n, h, w, c] = maps.shape;
  const corners = [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ] as const;
  return mapsOf([n, h / 2, w / 2, c], (i, y, x, j) =>
    corners.reduce((sum, [dy, dx]) => sum + at(maps, i, [2 * y + dy, 2 * x + dx, j]) / 4, 0),
  );
}

/** A bottleneck of `name`; one that opens a stage has a convolution as its shortcut. */
export function bottleneck(
  maps: Maps,
  numbers: Numbers,
  {name, opens, halves, training}: {name: string; opens: boolean; halves: boolean; training: boolean},
): Maps {
  const pool = halves ? halve : (x: Maps) => x;
  const norm = (x: Maps, layer: string): Maps => batchNorm(x, numbers, `${name}.${layer}`, training);
  const kernel = (layer: string): ArrayLike<number> => numbers[`${name}.${layer}.weight`]!;
  const first = relu(norm(convolve(maps, kernel('conv1'), {size: 1}), 'bn1'));
  const second = relu(norm(convolve(first, kernel('conv2'), {size: 3}), 'bn2'));
  const third = norm(convolve(pool(second), kernel('conv3'), {size: 1}), 'bn3');
  const shortcut = opens
    ? norm(convolve(pool(maps), kernel('downsample.0'), {size: 1}), 'downsample.1')
    : maps;
  return relu({shape: third.shape, data: third.data.map((value, k) => value + shortcut.data[k]!)});
}

/** Attention of the mean pixel to itself and all pixels, image by image: [n][d]. */
export function attentionPool(
  {shape: [n, h, w, c], data}: Maps,
  weights: Numbers,
  heads: number,
): number[][] {
  const positions = weights['positional_embedding']!;
  const layer = (row: readonly number[], name: string): number[] =>
    linearRow(row, weights[`${name}.weight`]!, weights[`${name}.bias`]!);
  return Array.from({length: n}, (_, i) => {
    const pixels = Array.from({length: h * w}, (_, p) =>
      Array.from(data.slice((i * h * w + p) * c, (i * h * w + p + 1) * c)),
    );
    const mean = Array.from({length: c}, (_, j) => pixels.reduce((sum, row) => sum + row[j]! / (h * w), 0));
    const placed = [mean, ...pixels].map((row, p) => row.map((value, j) => value + positions[p * c + j]!));
    const [q, k, v] = ['q_proj', 'k_proj', 'v_proj'].map((name) => placed.map((row) => layer(row, name)));
    return layer(attend({q: [q![0]!], k: k!, v: v!}, heads)[0]!, 'c_proj');
  });
}
