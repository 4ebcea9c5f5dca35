import type {HostArray, HostArrays} from '../../src/engine/step.js';
import type {ClipConfig} from '../../src/model/clip-config.js';
import type {ClipModel} from '../../src/model/clip-model.js';
import {parameterShapes, sizeOf, stateShapes} from '../../src/model/parameter-shapes.js';

/** A CLIP whose numbers come from a formula that test/golden/formula_weights.py shares. */
export function formulaModel(config: ClipConfig): ClipModel {
  return {
    config,
    weights: formulaTensors(parameterShapes(config)),
    state: formulaTensors(stateShapes(config)),
    source: {layout: 'open_clip', dtype: 'F32', folder: ''},
  };
}

/** Numbers in [-1, 1), in row-major order. */
export function formulaSigned(name: string, size: number): Float64Array {
  const bytes = new TextEncoder().encode(name);
  const seed = bytes.reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193), 0x811c9dc5);
  return Float64Array.from(
    {length: size},
    (_, i) => (2 * mix(seed + Math.imul(i, 0x9e3779b9))) / 2 ** 32 - 1,
  );
}

/** [n, s, s, 3] with numbers in [-2, 2); Python has [n, 3, s, s] with the same pixels. */
export function formulaImages(n: number, size: number): HostArray {
  const planar = formulaSigned('images', n * 3 * size * size);
  const pixel = (k: number) => {
    const [image, place, channel] = [
      Math.floor(k / (3 * size * size)),
      Math.floor(k / 3) % (size * size),
      k % 3,
    ];
    return 2 * planar[(image * 3 + channel) * size * size + place]!;
  };
  return {shape: [n, size, size, 3], data: Float32Array.from({length: planar.length}, (_, k) => pixel(k))};
}

/** [h, w, in, out] -> [out, in, h, w] for convolution kernels; all else as it is. */
export function inTorchOrder({shape, data}: HostArray): HostArray {
  if (shape.length !== 4) return {shape, data};
  const torchShape = [shape[3]!, shape[2]!, shape[0]!, shape[1]!];
  return {shape: torchShape, data: Float32Array.from(data, (_, k) => data[kernelIndex(k, shape)]!)};
}

function formulaTensors(shapes: Readonly<Record<string, readonly number[]>>): HostArrays {
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [name, formulaTensor(name, shape)]),
  );
}

function formulaTensor(name: string, shape: readonly number[]): HostArray {
  const size = sizeOf(shape);
  const values = formulaSigned(name, size).map(scaling(name, shape));
  const data = new Float32Array(size);
  values.forEach((value, k) => (data[shape.length === 4 ? kernelIndex(k, shape) : k] = value));
  return {shape, data};
}

function scaling(name: string, shape: readonly number[]): (value: number) => number {
  if (name === 'logit_scale') return () => 2;
  if (name.endsWith('running_var')) return (value) => 1 + 0.5 * value;
  if (name.endsWith('running_mean')) return (value) => 0.2 * value;
  if (shape.length === 1)
    return name.endsWith('weight') ? (value) => 1 + 0.3 * value : (value) => 0.2 * value;
  const outputs = shape.length === 4 ? shape[3]! : shape[0]!;
  const scale = Math.sqrt(3 / (sizeOf(shape) / outputs));
  return (value) => value * scale;
}

/** Where the k-th value of a kernel in PyTorch's order stands in ours of the given shape. */
function kernelIndex(k: number, [height, width, from, to]: readonly number[]): number {
  const x = k % width!;
  const y = Math.floor(k / width!) % height!;
  const i = Math.floor(k / (width! * height!)) % from!;
  const o = Math.floor(k / (width! * height! * from!));
  return ((y * width! + x) * from! + i) * to! + o;
}

/** The finaliser of MurmurHash3, as a number in [0, 2^32). */
function mix(word: number): number {
  let h = word ^ (word >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
