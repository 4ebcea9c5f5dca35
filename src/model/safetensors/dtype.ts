/** Bits of one element of every dtype of the format, in the order that the reference library sorts by. */
const elementBits = {
  BOOL: 8,
  F4: 4,
  F6_E2M3: 6,
  F6_E3M2: 6,
  U8: 8,
  I8: 8,
  F8_E5M2: 8,
  F8_E4M3: 8,
  F8_E8M0: 8,
  I16: 16,
  U16: 16,
  F16: 16,
  BF16: 16,
  I32: 32,
  U32: 32,
  F32: 32,
  C64: 64,
  F64: 64,
  I64: 64,
  U64: 64,
} as const;

export type SafetensorsDtype = keyof typeof elementBits;

export const safetensorsDtypes = Object.keys(elementBits) as SafetensorsDtype[];

export function isSafetensorsDtype(name: string): name is SafetensorsDtype {
  return Object.hasOwn(elementBits, name);
}

/** Sort key of a dtype: the reference library writes the widest dtypes first, which keeps all of them aligned. */
export function dtypeRank(dtype: SafetensorsDtype): number {
  return safetensorsDtypes.indexOf(dtype);
}

/**
 * Bytes of a tensor of this shape, or undefined when the count leaves the exact integers (2^53) or does not
 * end on a byte.
 */
export function byteLength(shape: readonly number[], dtype: SafetensorsDtype): number | undefined {
  let elements = 1;
  for (const size of shape) {
    elements *= size;
    if (!Number.isSafeInteger(elements)) return undefined;
  }
  const bits = elements * elementBits[dtype];
  return Number.isSafeInteger(bits) && bits % 8 === 0 ? bits / 8 : undefined;
}
