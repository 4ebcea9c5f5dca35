import {describe, expect, it} from 'vitest';
import {entropy, exactPlan, keywordTargetRow, type Similarities} from '../../../src/app/plan-row.js';
import {uniform} from '../../../src/engine/random.js';

function random(rows: number, columns: number, mean = 0.5): Similarities {
  const values = Float64Array.from({length: rows * columns}, (_, i) => mean + 0.4 * (uniform(11, i) - 0.5));
  return {values, rows, columns};
}

/** Sinkhorn as the S-CLIP code has it: linear domain, the columns first. */
function linearPlan({values, rows, columns}: Similarities, scale: number, iterations: number): number[][] {
  const kernel = Array.from({length: rows}, (_, i) =>
    Array.from({length: columns}, (_, j) => Math.exp(-scale * (1 - values[i * columns + j]!))),
  );
  let u = kernel.map(() => 1 / rows);
  let v: number[] = [];
  for (let t = 0; t < iterations; t++) {
    v = kernel[0]!.map((_, j) => 1 / columns / kernel.reduce((sum, row, i) => sum + row[j]! * u[i]!, 0));
    u = kernel.map((row) => 1 / rows / row.reduce((sum, entry, j) => sum + entry * v[j]!, 0));
  }
  return kernel.map((row, i) => {
    const plan = row.map((entry, j) => u[i]! * entry * v[j]!);
    const sum = plan.reduce((a, b) => a + b);
    return plan.map((entry) => entry / sum);
  });
}

describe('exactPlan', () => {
  it.each([
    [5, 7, 10],
    [6, 6, 100],
    [9, 4, 14.3],
  ])('%i x %i at scale %f equals the linear-domain solver to 1e-12', (rows, columns, scale) => {
    const similarities = random(rows, columns);
    const plan = exactPlan(similarities, {transport: 'ot', scale});
    const expected = linearPlan(similarities, scale, 10).flat();
    expect(plan.iterations).toBe(10);
    plan.rows.forEach((weight, at) => expect(Math.abs(weight - expected[at]!)).toBeLessThan(1e-12));
  });

  it('has rows that sum to 1 and a demand that sums to the number of captions', () => {
    for (const transport of ['ot', 'soft', 'hard'] as const) {
      const plan = exactPlan(random(5, 8), {transport, scale: 30});
      for (let i = 0; i < 5; i++) {
        const row = plan.rows.subarray(i * 8, i * 8 + 8);
        expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
      }
      expect(plan.demand.reduce((a, b) => a + b)).toBeCloseTo(8, 12);
    }
  });

  it('shares the captions evenly once it converges', () => {
    const plan = exactPlan(random(6, 9), {transport: 'ot', scale: 20, iterations: 2000});
    expect(plan.iterations).toBeLessThan(2000);
    plan.demand.forEach((share) => expect(share).toBeCloseTo(1, 7));
  });

  it('stays finite where the kernel of the linear domain underflows', () => {
    const similarities: Similarities = {values: Float64Array.of(1, -1, -1, 1), rows: 2, columns: 2};
    const plan = exactPlan(similarities, {transport: 'ot', scale: 1e4});
    expect([...plan.rows]).toEqual([1, 0, 0, 1]);
  });

  it('gives a single image an even share of all captions, whatever they are', () => {
    const plan = exactPlan(random(1, 4), {transport: 'ot', scale: 50});
    plan.rows.forEach((weight) => expect(weight).toBeCloseTo(0.25, 12));
  });

  it('takes a regularisation of its own in place of 1 / scale', () => {
    const similarities = random(4, 5);
    const asked = exactPlan(similarities, {transport: 'ot', scale: 100, regularisation: 0.1});
    expect([...asked.rows]).toEqual([...exactPlan(similarities, {transport: 'ot', scale: 10}).rows]);
  });

  it('gives all to the nearest with hard, the first of equals', () => {
    const similarities: Similarities = {
      values: Float64Array.of(0.1, 0.7, 0.7, 0.3, 0.2, 0.1),
      rows: 2,
      columns: 3,
    };
    expect([...exactPlan(similarities, {transport: 'hard', scale: 1}).rows]).toEqual([0, 1, 0, 1, 0, 0]);
  });

  it('is the row soft-max of the scaled similarities with soft', () => {
    const similarities = random(3, 4);
    const plan = exactPlan(similarities, {transport: 'soft', scale: 25});
    for (let i = 0; i < 3; i++) {
      const powers = [0, 1, 2, 3].map((j) => Math.exp(25 * similarities.values[i * 4 + j]!));
      const sum = powers.reduce((a, b) => a + b);
      powers.forEach((power, j) => expect(plan.rows[i * 4 + j]).toBeCloseTo(power / sum, 12));
    }
  });
});

it('entropy is ln n for an even row, 0 for a one-hot row', () => {
  expect(entropy([0.25, 0.25, 0.25, 0.25])).toBeCloseTo(Math.log(4), 14);
  expect(entropy([0, 1, 0])).toBe(0);
});

describe('keywordTargetRow', () => {
  const cosines = [0.4, 0.2, 0.6, -0.3];

  it('gives nothing without candidates and everything to a single one', () => {
    for (const share of ['ratio', 'softmax'] as const) {
      expect([...keywordTargetRow(cosines, [0, 0, 0, 0], {share, scale: 10})]).toEqual([0, 0, 0, 0]);
      expect([...keywordTargetRow(cosines, [0, 0, 0, 1], {share, scale: 10})]).toEqual([0, 0, 0, 1]);
    }
  });

  it('shares by the ratio of the cosines, as the published code does', () => {
    const row = keywordTargetRow(cosines, [1, 0, 1, 0], {share: 'ratio', scale: 10});
    [0.4, 0, 0.6, 0].forEach((target, c) => expect(row[c]).toBeCloseTo(target, 12));
  });

  it('shares evenly where the cosines cancel and have no ratio', () => {
    const row = keywordTargetRow([0.5, -0.5], [1, 1], {share: 'ratio', scale: 10});
    expect([...row]).toEqual([0.5, 0.5]);
  });

  it('shares by the soft-max of the scaled cosines among the candidates alone', () => {
    const row = keywordTargetRow(cosines, [1, 1, 0, 1], {share: 'softmax', scale: 5});
    const powers = [Math.exp(2), Math.exp(1), Math.exp(-1.5)];
    const sum = powers.reduce((a, b) => a + b);
    [powers[0]! / sum, powers[1]! / sum, 0, powers[2]! / sum].forEach((target, c) =>
      expect(row[c]).toBeCloseTo(target, 12),
    );
  });
});
