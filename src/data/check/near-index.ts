/** Hashes are cut into this many bands of 16 bits. */
const bands = 4;
const bandValues = 1 << 16;

/** Hashes that differ in at most so many of their bits are compared further. */
const mostBits = 14;

/** Values of a band that are looked up: those with at most two other bits, the nearest first. */
const probes: readonly number[] = [...Array(bandValues).keys()]
  .filter((value) => bitCount(value) <= 2)
  .sort((a, b) => bitCount(a) - bitCount(b) || a - b);

/** Entries looked at for one image: a set of images that are all alike must not cost the square of their number. */
const mostScanned = 20_000;
/** Candidates that are returned, at most. */
const mostCandidates = 64;

/** Perceptual hashes that similar ones are found in. */
export interface NearIndex {
  /** Adds a hash under the next number. */
  add(hash: readonly [number, number]): void;
  /** Numbers of hashes that are near, the nearest first. */
  near(hash: readonly [number, number]): readonly number[];
}

/**
 * Finds hashes of 64 bits that differ in a few bits without looking at all pairs: of two that differ in up to 11 bits one
 * of the four bands differs in at most two, so that each is found under 137 values of a band. Of those that differ in 12 to
 * 14 bits nine in ten are found. It takes 28 bytes a hash.
 */
export function nearIndex(): NearIndex {
  const heads = Array.from({length: bands}, () => new Int32Array(bandValues).fill(-1));
  let [hashes, next, seenBy] = [new Uint32Array(2048), new Int32Array(1024 * bands), new Int32Array(1024)];
  let count = 0;
  let searches = 0;
  const grow = () => {
    hashes = grown(hashes, new Uint32Array(2 * hashes.length));
    next = grown(next, new Int32Array(2 * next.length));
    seenBy = grown(seenBy, new Int32Array(2 * seenBy.length));
  };
  return {
    add([low, high]) {
      if (2 * count === hashes.length) grow();
      hashes.set([low, high], 2 * count);
      for (let band = 0; band < bands; band++) {
        const value = bandOf(low, high, band);
        next[count * bands + band] = heads[band]![value]!;
        heads[band]![value] = count;
      }
      count++;
    },
    near([low, high]) {
      searches++;
      const byBits: number[][] = Array.from({length: mostBits + 1}, () => []);
      let scanned = 0;
      for (const probe of probes) {
        for (let band = 0; band < bands; band++) {
          let entry = heads[band]![bandOf(low, high, band) ^ probe]!;
          for (; entry !== -1 && scanned < mostScanned; entry = next[entry * bands + band]!) {
            scanned++;
            if (seenBy[entry] === searches) continue;
            seenBy[entry] = searches;
            const bits = bitCount(low ^ hashes[2 * entry]!) + bitCount(high ^ hashes[2 * entry + 1]!);
            if (bits <= mostBits) byBits[bits]!.push(entry);
          }
        }
      }
      return byBits.flat().slice(0, mostCandidates);
    },
  };
}

function bandOf(low: number, high: number, band: number): number {
  const half = band < 2 ? low : high;
  return band % 2 === 0 ? half & 0xffff : half >>> 16;
}

/** Bits that are set among 32. */
function bitCount(value: number): number {
  let bits = value - ((value >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

function grown<T extends Uint32Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
