import {overreach, resampleColumns, resampleRows, tapsAtOnce} from './resample-kernels.js';
import type {Box, RgbImage} from './rgb-image.js';
import {wasmModule} from './wasm-code.js';

/** The source pixels that one result pixel is made of, from `first` on, with their fixed-point weights. */
export interface Taps {
  readonly first: number;
  readonly weights: Int32Array;
}

/** The taps of the columns and of the rows of a result. From one to the next neither end goes back. */
export interface ResultTaps {
  readonly columns: readonly Taps[];
  readonly rows: readonly Taps[];
}

/** Resamples images by taps that are given. */
export type ResamplePasses = (image: RgbImage, taps: ResultTaps) => RgbImage;

/** Source bytes that lie in the kernels' memory at a time: no more than stays in a processor's second cache. */
const stripBytes = 2 ** 18;

/**
 * Compiles the two passes: rows first, sums rounded to 8 bits after each. They run in WebAssembly, whose vectors hold
 * the same 32-bit integers as JavaScript's, so that every processor finds the same bytes.
 */
export function compilePasses(): ResamplePasses {
  const {memory, ...kernels} = instantiate();
  return (image, {columns, rows}) => {
    const needed = neededPart(columns, rows);
    const stride = columns.length * 3;
    const across = align(columns, {unit: 3, multiple: tapsAtOnce});
    const down = align(rows, {unit: stride, multiple: 1});
    const sourceStride = needed.width * 3;
    const stripRows = Math.min(Math.max(Math.floor(stripBytes / sourceStride), 1), needed.height);

    const room = allocator();
    const columnTaps = roomForTaps(across, room);
    const rowTaps = roomForTaps(down, room);
    const strip = room(stripRows * sourceStride + across.length * 3);
    const between = room((needed.height + down.length) * stride);
    const result = room(rows.length * stride);
    growTo(memory, room(0));

    const bytes = new Uint8Array(memory.buffer);
    writeTaps(memory, columnTaps, across);
    writeTaps(memory, rowTaps, down);
    for (let y = 0; y < needed.height; y += stripRows) {
      const height = Math.min(stripRows, needed.height - y);
      copyRows(image, {...needed, top: needed.top + y, height}, bytes.subarray(strip));
      const end = strip + height * sourceStride;
      kernels.resampleRows(
        strip,
        end,
        sourceStride,
        between + y * stride,
        ...argumentsOf(columnTaps, across),
      );
    }
    kernels.resampleColumns(between, stride, result, ...argumentsOf(rowTaps, down));
    return {
      width: columns.length,
      height: rows.length,
      pixels255: bytes.slice(result, result + rows.length * stride),
    };
  };
}

/** The part of the source that the taps touch: a narrow image may have a million other rows. */
function neededPart(columns: readonly Taps[], rows: readonly Taps[]): Box {
  const [left, top] = [columns[0]!.first, rows[0]!.first];
  return {left, top, width: endOf(columns.at(-1)!) - left, height: endOf(rows.at(-1)!) - top};
}

function endOf({first, weights}: Taps): number {
  return first + weights.length;
}

/** Taps of one length side by side. */
interface AlignedTaps {
  /** Bytes from the first pixel of all. */
  readonly firsts: Int32Array;
  /** `length` for each result pixel; those that a pixel does not need are 0. */
  readonly weights: Int32Array;
  readonly length: number;
}

/** Gives all taps the length of the longest, or the next multiple; `unit` is bytes from one tap to the next. */
function align(
  taps: readonly Taps[],
  {unit, multiple}: {readonly unit: number; readonly multiple: number},
): AlignedTaps {
  const longest = taps.reduce((most, {weights}) => Math.max(most, weights.length), 0);
  const length = Math.ceil(longest / multiple) * multiple;
  const firsts = Int32Array.from(taps, ({first}) => (first - taps[0]!.first) * unit);
  const weights = new Int32Array(taps.length * length);
  taps.forEach((tap, i) => weights.set(tap.weights, i * length));
  return {firsts, weights, length};
}

/** Deals out addresses one after the other, for vectors, with room for what a kernel may touch past the end. */
function allocator(): (bytes: number) => number {
  let end = 0;
  return (bytes) => {
    const start = end;
    end += Math.ceil((bytes + overreach) / 16) * 16;
    return start;
  };
}

interface TapAddresses {
  readonly firsts: number;
  readonly weights: number;
}

function roomForTaps({firsts, weights}: AlignedTaps, room: (bytes: number) => number): TapAddresses {
  return {firsts: room(firsts.byteLength), weights: room(weights.byteLength)};
}

function writeTaps({buffer}: Memory, at: TapAddresses, {firsts, weights}: AlignedTaps): void {
  new Int32Array(buffer, at.firsts, firsts.length).set(firsts);
  new Int32Array(buffer, at.weights, weights.length).set(weights);
}

/** The last parameters of both kernels. */
function argumentsOf(at: TapAddresses, {firsts, length}: AlignedTaps): readonly number[] {
  return [at.firsts, at.firsts + firsts.byteLength, at.weights, length * 4];
}

function copyRows({width, pixels255}: RgbImage, box: Box, to: Uint8Array): void {
  for (let y = 0; y < box.height; y++) {
    const start = ((box.top + y) * width + box.left) * 3;
    to.set(pixels255.subarray(start, start + box.width * 3), y * box.width * 3);
  }
}

const pageBytes = 2 ** 16;

function growTo(memory: Memory, bytes: number): void {
  const missing = bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / pageBytes));
}

/** The part of WebAssembly's interface that is used here; Node's types leave it to the browser's. */
interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

interface Kernels {
  readonly memory: Memory;
  resampleRows(...values: readonly number[]): void;
  resampleColumns(...values: readonly number[]): void;
}

declare const WebAssembly: {
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object) => {readonly exports: Kernels};
};

function instantiate(): Kernels {
  const code = wasmModule([resampleRows(), resampleColumns()]);
  return new WebAssembly.Instance(new WebAssembly.Module(code)).exports;
}
