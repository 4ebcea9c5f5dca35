import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {batchIndices, batchOrder, batchesPerEpoch, epochOf} from '../../../src/data/batch-order.js';

const orders = fc.record({
  n: fc.integer({min: 1, max: 60}),
  batch: fc.integer({min: 1, max: 80}),
  seed: fc.nat(0xffffffff),
  stream: fc.nat(3),
});
const cases = {numRuns: 10_000};

describe('batchIndices', () => {
  it('visits each item at most once in an epoch, and all but the dropped remainder', () => {
    fc.assert(
      fc.property(orders, fc.nat(50), (order, epoch) => {
        const steps = batchesPerEpoch(order.n, order.batch);
        const size = Math.min(order.n, order.batch);
        const next = batchOrder(order);
        const visited = Array.from({length: steps}, (_, i) => [...next(epoch * steps + i)]).flat();
        const whole = visited.length === order.n - (order.n % size);
        const once = new Set(visited).size === visited.length;
        return whole && once && visited.every((item) => item >= 0 && item < order.n);
      }),
      cases,
    );
  });

  it('goes on at any step as if it had never stopped', () => {
    fc.assert(
      fc.property(orders, fc.nat(12), fc.nat(12), (order, before, after): boolean => {
        const straight = batchOrder(order);
        const walked = Array.from({length: before + after}, (_, step) => straight(step));
        const restarted = batchOrder(order);
        const resumed = Array.from({length: after}, (_, i) => restarted(before + i));
        return String(resumed) === String(walked.slice(before));
      }),
      cases,
    );
  });

  it('depends on nothing but its arguments', () => {
    fc.assert(
      fc.property(orders, fc.nat(200), fc.nat(200), (order, step, other) => {
        const first = batchIndices({...order, step});
        batchIndices({...order, step: other, seed: order.seed + 1});
        const kept = batchOrder(order);
        kept(other);
        return (
          String(kept(step)) === String(first) && String(batchIndices({...order, step})) === String(first)
        );
      }),
      cases,
    );
  });

  it('draws another order for another seed, stream and epoch', () => {
    const order = {n: 40, batch: 40, seed: 1, stream: 0, step: 0};
    const variants = [order, {...order, seed: 2}, {...order, stream: 1}, {...order, step: 1}];
    expect(new Set(variants.map((variant) => batchIndices(variant).join())).size).toBe(4);
  });

  it('gives every item the same chance to come first', () => {
    const counts = new Uint32Array(6);
    for (let step = 0; step < 12_000; step++) {
      counts[batchIndices({n: 6, batch: 6, seed: 3, stream: 0, step})[0]!]!++;
    }
    // 2000 expected, standard deviation 41
    expect(Math.max(...counts.map((count) => Math.abs(count - 2000)))).toBeLessThan(200);
  });

  it('takes all items when the batch is larger than the set', () => {
    expect([...batchIndices({n: 3, batch: 64, seed: 0, stream: 0, step: 7})].sort()).toEqual([0, 1, 2]);
    expect(batchesPerEpoch(3, 64)).toBe(1);
  });

  it('refuses an empty set', () => {
    expect(() => batchIndices({n: 0, batch: 4, seed: 0, stream: 0, step: 0})).toThrow(
      'batchOrder: expected items and a batch, got 0 and 4',
    );
  });
});

describe('epochs', () => {
  it('count whole batches', () => {
    expect([batchesPerEpoch(10, 4), batchesPerEpoch(8, 4), batchesPerEpoch(0, 4)]).toEqual([2, 2, 0]);
    expect([0, 1, 2, 3, 4].map((step) => epochOf(step, 10, 4))).toEqual([0, 0, 1, 1, 2]);
  });
});
