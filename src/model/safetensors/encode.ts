import {exitCodes, UserError} from '../../support/errors.js';
import {float32BitsToBfloat16, float32BitsToFloat16} from './half-float.js';

/** The dtypes that can be written. */
export type WritableDtype = 'F16' | 'BF16' | 'F32' | 'I32' | 'I64';

export interface EncodeOptions {
  readonly dtype: WritableDtype;
  /** The tensor, for errors. */
  readonly where: string;
  /** Position of the first value in the tensor, for errors. */
  readonly start: number;
  /** Write infinities and NaN instead of refusing them. */
  readonly allowNonFinite: boolean;
}

/**
 * Numbers as little-endian bytes; floats are rounded to the nearest, ties to even. May share the memory of `values`.
 * @throws UserError with exit code `numerical` for a value that is not finite, or no longer is in the dtype.
 */
export function encodeTensor(values: Float32Array | Int32Array, options: EncodeOptions): Uint8Array {
  if (values instanceof Int32Array)
    return options.dtype === 'I64' ? bytesOf(toInt64(values)) : bytesOf(values);
  if (!options.allowNonFinite) checkFinite(values, options);
  if (options.dtype === 'F16') return toHalves(values, float32BitsToFloat16, options);
  if (options.dtype === 'BF16') return toHalves(values, float32BitsToBfloat16, options);
  return bytesOf(values);
}

/** Whether this array holds what the dtype is made of. */
export function canEncode(values: Float32Array | Int32Array, dtype: WritableDtype): boolean {
  return values instanceof Int32Array === dtype.startsWith('I');
}

function bytesOf(values: ArrayBufferView): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function toInt64(values: Int32Array): BigInt64Array {
  return BigInt64Array.from(values, BigInt);
}

function checkFinite(values: Float32Array, {where, start}: EncodeOptions): void {
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue;
    const message = `${where}: expected finite numbers, got ${values[i]} at ${start + i}`;
    throw new UserError(message, {exit: exitCodes.numerical});
  }
}

function toHalves(
  values: Float32Array,
  toHalf: (bits: number) => number,
  options: EncodeOptions,
): Uint8Array {
  const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
  const halves = new Uint16Array(values.length);
  const infinity = toHalf(0x7f800000);
  for (let i = 0; i < halves.length; i++) {
    halves[i] = toHalf(bits[i]!);
    if (!options.allowNonFinite && (halves[i]! & 0x7fff) >= infinity) {
      throw new UserError(
        `${options.where}: expected numbers that ${options.dtype} can hold, got ${values[i]} at ${i}`,
        {
          exit: exitCodes.numerical,
          tryThis: 'save as F32',
        },
      );
    }
  }
  return bytesOf(halves);
}
