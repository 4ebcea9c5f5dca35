import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {
  float16ToFloat32Bits,
  float32BitsToBfloat16,
  float32BitsToFloat16,
} from '../../../../src/model/safetensors/half-float.js';
import {bfloat16Value, float16Value, nearestHalf} from '../../../reference/half-float.js';

const scratch = new DataView(new ArrayBuffer(4));

function fromBits(bits: number): number {
  scratch.setInt32(0, bits);
  return scratch.getFloat32(0);
}

function toBits(value: number): number {
  scratch.setFloat32(0, value);
  return scratch.getInt32(0);
}

const nearestFloat16 = nearestHalf(float16Value);
const nearestBfloat16 = nearestHalf(bfloat16Value);
const all = Array.from({length: 0x10000}, (_, bits) => bits);
const float32s = fc
  .integer({min: -(2 ** 31), max: 2 ** 31 - 1})
  .filter((bits) => !Number.isNaN(fromBits(bits)));

describe('float16', () => {
  it('gives every pattern the value of its definition', () => {
    const wrong = all.filter((bits) => !Object.is(fromBits(float16ToFloat32Bits(bits)), float16Value(bits)));
    expect(wrong).toEqual([]);
  });

  it('comes back from float32 as the same bits, NaN as a NaN', () => {
    const wrong = all.filter((bits) => {
      const back = float32BitsToFloat16(float16ToFloat32Bits(bits));
      return Number.isNaN(float16Value(bits)) ? !Number.isNaN(float16Value(back)) : back !== bits;
    });
    expect(wrong).toEqual([]);
  });

  it('is the nearest one to any float32, ties to even', () => {
    fc.assert(
      fc.property(float32s, (bits) => float32BitsToFloat16(bits) === nearestFloat16(fromBits(bits))),
      {numRuns: 20_000},
    );
  });

  it('is the nearest one around every boundary between two', () => {
    const wrong = all.slice(0, 0x7c00).flatMap((low) => {
      const tie = toBits((float16Value(low) + (low === 0x7bff ? 65536 : float16Value(low + 1))) / 2);
      const near = [tie - 1, tie, tie + 1];
      return near.filter((bits) => float32BitsToFloat16(bits) !== nearestFloat16(fromBits(bits)));
    });
    expect(wrong).toEqual([]);
  });
});

describe('bfloat16', () => {
  it('is the nearest one to any float32, ties to even', () => {
    fc.assert(
      fc.property(float32s, (bits) => float32BitsToBfloat16(bits) === nearestBfloat16(fromBits(bits))),
      {numRuns: 20_000},
    );
  });

  it('keeps every pattern, infinities included, and NaN as a NaN', () => {
    const wrong = all.filter((bits) => {
      const back = float32BitsToBfloat16(bits << 16);
      return Number.isNaN(bfloat16Value(bits)) ? !Number.isNaN(bfloat16Value(back)) : back !== bits;
    });
    expect(wrong).toEqual([]);
  });
});
