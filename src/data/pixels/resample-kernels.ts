import {doWhile, get, i32, kernel, set, v128, type Code, type Kernel, type Local} from './wasm-code.js';

/** Bits after the point of the weights. */
export const fractionBits = 22;

/** One half in fixed point: sums are rounded when their fraction is cut off. */
const half = v128.i32Splat(i32.const(1 << (fractionBits - 1)));

/** What a kernel may read or write past the end of what it is given, beside source rows of weight 0. */
export const overreach = 16;

/** Taps that `resampleRows` takes at a time: the weights of a result pixel are filled up with 0 to a multiple. */
export const tapsAtOnce = 4;

/**
 * Each row of the source, 3 samples a pixel, becomes a row of the target. `firsts` holds the byte in a row where the
 * taps of a result pixel begin, `weights` the weights of all result pixels, `weightBytes` for each.
 */
export function resampleRows(): Kernel {
  return kernel(
    'resampleRows',
    {
      parameters: [
        'source',
        'sourceEnd',
        'stride',
        'target',
        'firsts',
        'firstsEnd',
        'weights',
        'weightBytes',
      ],
      integers: ['first', 'weight', 'weightEnd', 'from'],
      vectors: ['levels', 'sum'],
    },
    ({source, sourceEnd, stride, target, firsts, firstsEnd, weights, weightBytes, ...own}) => {
      const {first, weight, weightEnd, from, levels, sum} = own;
      const addTap = (tap: number) => addProduct(sum, samples(levels, tap * 3, 3), loadWeight(weight, tap));
      return [
        doWhile(
          i32.lessUnsigned(get(source), get(sourceEnd)),
          set(first, get(firsts)),
          set(weight, get(weights)),
          doWhile(
            i32.lessUnsigned(get(first), get(firstsEnd)),
            set(from, i32.add(get(source), i32.load(get(first)))),
            set(weightEnd, i32.add(get(weight), get(weightBytes))),
            set(sum, half),
            doWhile(
              i32.lessUnsigned(get(weight), get(weightEnd)),
              set(levels, v128.load(get(from))),
              ...[0, 1, 2, 3].map(addTap),
              advance(from, i32.const(tapsAtOnce * 3)),
              advance(weight, i32.const(tapsAtOnce * 4)),
            ),
            v128.store32(get(target), levelsOf([sum, sum, sum, sum])),
            advance(target, i32.const(3)),
            advance(first, i32.const(4)),
          ),
          advance(source, get(stride)),
        ),
      ];
    },
  );
}

/**
 * Rows of the target from those of the source, `stride` bytes each. `firsts` holds the byte where the first source row
 * of a target row begins, `weights` the weights of all target rows, `weightBytes` for each.
 */
export function resampleColumns(): Kernel {
  return kernel(
    'resampleColumns',
    {
      parameters: ['source', 'stride', 'target', 'firsts', 'firstsEnd', 'weights', 'weightBytes'],
      integers: ['at', 'end', 'from', 'weight', 'weightEnd'],
      vectors: ['levels', 'factor', 'a', 'b', 'c', 'd'],
    },
    ({source, stride, target, firsts, firstsEnd, weights, weightBytes, ...own}) => {
      const {at, end, from, weight, weightEnd, levels, factor, a, b, c, d} = own;
      const sums = [a, b, c, d] as const;
      return [
        doWhile(
          i32.lessUnsigned(get(firsts), get(firstsEnd)),
          set(at, i32.add(get(source), i32.load(get(firsts)))),
          set(end, i32.add(get(at), get(stride))),
          set(weightEnd, i32.add(get(weights), get(weightBytes))),
          doWhile(
            i32.lessUnsigned(get(at), get(end)),
            set(from, get(at)),
            set(weight, get(weights)),
            ...sums.map((sum) => set(sum, half)),
            doWhile(
              i32.lessUnsigned(get(weight), get(weightEnd)),
              set(levels, v128.load(get(from))),
              set(factor, loadWeight(weight, 0)),
              ...sums.map((sum, i) => addProduct(sum, samples(levels, i * 4, 4), get(factor))),
              advance(from, get(stride)),
              advance(weight, i32.const(4)),
            ),
            v128.store(get(target), levelsOf(sums)),
            advance(target, i32.const(16)),
            advance(at, i32.const(16)),
          ),
          // back to the end of the row, and over what was written past it
          set(target, i32.subtract(get(target), i32.subtract(get(at), get(end)))),
          set(weights, get(weightEnd)),
          advance(firsts, i32.const(4)),
        ),
      ];
    },
  );
}

function advance(local: Local, by: Code): Code {
  return set(local, i32.add(get(local), by));
}

function loadWeight(weights: Local, number: number): Code {
  return v128.load32Splat(get(weights), number * 4);
}

function addProduct(sum: Local, a: Code, b: Code): Code {
  return set(sum, v128.i32Add(get(sum), v128.i32Mul(a, b)));
}

/** Up to four bytes as 32-bit integers. */
function samples(bytes: Local, start: number, count: number): Code {
  const nothing = 0x80;
  const places = Array.from({length: 16}, (_, i) => (i % 4 === 0 && i / 4 < count ? start + i / 4 : nothing));
  return v128.swizzle(get(bytes), places);
}

/** Sixteen sums as bytes: their whole part, kept from 0 to 255. */
function levelsOf([a, b, c, d]: readonly [Local, Local, Local, Local]): Code {
  const whole = (sum: Local) => v128.i32ShiftRight(get(sum), fractionBits);
  return v128.u8NarrowI16(v128.i16NarrowI32(whole(a), whole(b)), v128.i16NarrowI32(whole(c), whole(d)));
}
