/** The value of a float16 by its definition (IEEE 754-2008, binary16): 1 sign, 5 exponent, 10 fraction bits. */
export function float16Value(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = Math.floor((bits % 0x8000) / 1024);
  const fraction = (bits % 1024) / 1024;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * 2 ** -14 * fraction : sign * 2 ** (exponent - 15) * (1 + fraction);
}

/** The value of a bfloat16 by its definition: 1 sign, 8 exponent, 7 fraction bits. */
export function bfloat16Value(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = Math.floor((bits % 0x8000) / 128);
  const fraction = (bits % 128) / 128;
  if (exponent === 255) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * 2 ** -126 * fraction : sign * 2 ** (exponent - 127) * (1 + fraction);
}

/**
 * A function that gives the bits of the nearest half-precision number, ties to the even pattern, by bisection over all
 * of them. Halfway between the largest number and the next one that there would be, rounding goes to infinity.
 */
export function nearestHalf(valueOf: (bits: number) => number): (value: number) => number {
  let largest = 0x7fff;
  while (!(valueOf(largest) < Infinity)) largest--;
  const limit = valueOf(largest) + (valueOf(largest) - valueOf(largest - 1)) / 2;
  return (value) => {
    const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
    const magnitude = Math.abs(value);
    if (magnitude >= limit) return sign | (largest + 1);
    let low = 0;
    let high = largest;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (valueOf(middle) <= magnitude) low = middle;
      else high = middle;
    }
    const below = magnitude - valueOf(low);
    const above = valueOf(high) - magnitude;
    const isUp = above < below || (above === below && low % 2 === 1);
    return sign | (isUp ? high : low);
  };
}
