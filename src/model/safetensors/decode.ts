import {exitCodes, UserError} from '../../support/errors.js';
import type {SafetensorsDtype} from './dtype.js';
import {float16ToFloat32Bits} from './half-float.js';

/** The dtypes whose values can be read; of the others only the header is checked. */
export const readableDtypes = ['F16', 'BF16', 'F32', 'F64', 'I32', 'I64'] as const;

/**
 * Little-endian bytes as numbers: floats as float32 (F64 rounded), integers as int32. The bytes are taken over.
 * @throws UserError with exit code `data` for other dtypes, and for an I64 outside int32.
 */
export function decodeTensor(
  bytes: ArrayBuffer,
  dtype: SafetensorsDtype,
  where: string,
): Float32Array | Int32Array {
  switch (dtype) {
    case 'F32':
      return new Float32Array(bytes);
    case 'F16':
      return fromBits(new Uint16Array(bytes), float16ToFloat32Bits);
    case 'BF16':
      return fromBits(new Uint16Array(bytes), (bits) => bits << 16);
    case 'F64':
      return new Float32Array(new Float64Array(bytes));
    case 'I32':
      return new Int32Array(bytes);
    case 'I64':
      return fromInt64(new BigInt64Array(bytes), where);
    default:
      throw new UserError(`${where}: expected one of ${readableDtypes.join(', ')}, got ${dtype}`, {
        exit: exitCodes.data,
      });
  }
}

function fromBits(source: Uint16Array, toFloat32Bits: (bits: number) => number): Float32Array {
  const bits = new Int32Array(source.length);
  for (let i = 0; i < source.length; i++) bits[i] = toFloat32Bits(source[i]!);
  return new Float32Array(bits.buffer);
}

function fromInt64(source: BigInt64Array, where: string): Int32Array {
  const values = new Int32Array(source.length);
  for (let i = 0; i < source.length; i++) {
    const value = Number(source[i]);
    values[i] = value;
    if (values[i] !== value) {
      throw new UserError(`${where}: expected integers of 32 bits, got ${source[i]} at ${i}`, {
        exit: exitCodes.data,
      });
    }
  }
  return values;
}
