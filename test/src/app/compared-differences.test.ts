import {describe, expect, it} from 'vitest';
import {
  comparedDifferences,
  type MeasuredRun,
  type Measurement,
} from '../../../src/app/compared-differences.js';
import {metricValue, type ItemScores} from '../../../src/eval/bootstrap.js';
import {itemHalfWidth} from '../../../src/eval/item-differences.js';
import {seedHalfWidth} from '../../../src/report/seed-interval.js';

const scores = (...sums: number[]): ItemScores => ({sums, counts: sums.map(() => 1)});

function measurement(acc: ItemScores): Measurement {
  return {metrics: {acc: {value: metricValue(acc), ci95: [0, 1]}}, items: {acc}};
}

const run = (label: string, seed: number, acc: ItemScores): MeasuredRun => ({
  ...{label, seed},
  ...measurement(acc),
});

const before = measurement(scores(0, 0, 0, 1));
const clip = [run('clip', 0, scores(0, 1, 0, 1)), run('clip', 1, scores(1, 1, 0, 1))];
const better = [run('better', 0, scores(1, 1, 1, 1)), run('better', 1, scores(1, 1, 0, 1))];

describe('comparedDifferences', () => {
  it('subtracts the model before from all, and the runs of the first entry from those of the same seed', () => {
    const [fromBefore, fromFirst, ...more] = comparedDifferences(before, [...clip, ...better]);
    expect(more).toEqual([]);
    expect(fromBefore!.against).toBe('before');
    expect(fromBefore!.rows.map(({label, values}) => [label, values['acc']!.value])).toEqual([
      ['clip', 0.375],
      ['better', 0.625],
    ]);
    expect(fromFirst!.against).toBe('clip');
    expect(fromFirst!.rows.map(({label, values}) => [label, values['acc']!.value])).toEqual([
      ['better', 0.25],
    ]);
  });

  it('has the interval of seeds and of test images together', () => {
    const [, fromFirst] = comparedDifferences(before, [...clip, ...better]);
    const seeds = seedHalfWidth([0.5, 0])!;
    const images = itemHalfWidth(scores(0.5, 1, 0, 1), scores(1, 1, 0.5, 1));
    expect(images).toBeGreaterThan(0);
    expect(fromFirst!.rows[0]!.values['acc']!.halfWidth).toBeCloseTo(Math.hypot(seeds, images), 12);
  });

  it('has the interval of test images alone for one seed', () => {
    const [fromBefore] = comparedDifferences(before, [clip[0]!]);
    expect(fromBefore!.rows[0]!.values['acc']!.halfWidth).toBeCloseTo(
      itemHalfWidth(scores(0, 0, 0, 1), scores(0, 1, 0, 1)),
      12,
    );
  });

  it('has the interval of seeds alone where it is not known what images scored', () => {
    const [fromBefore] = comparedDifferences({...before, items: undefined}, clip);
    expect(fromBefore!.rows[0]!.values['acc']!.halfWidth).toBeCloseTo(seedHalfWidth([0.25, 0.5])!, 12);
    const [one] = comparedDifferences({...before, items: undefined}, [clip[0]!]);
    expect(one!.rows[0]!.values['acc']).toEqual({value: 0.25});
  });

  it('leaves out seeds that only one of two entries has', () => {
    const [, fromFirst] = comparedDifferences(before, [clip[0]!, ...better]);
    expect(fromFirst!.rows[0]!.values['acc']!.value).toBe(0.5);
    const [, none] = comparedDifferences(before, [clip[0]!, better[1]!]);
    expect(none!.rows[0]!.values).toEqual({});
  });

  it('leaves out what was measured of one of the two only', () => {
    const head = measurement(scores(1, 1, 1, 1));
    const withHead = {...clip[0]!, metrics: {...clip[0]!.metrics, head: head.metrics['acc']!}};
    const [fromBefore, fromFirst] = comparedDifferences(before, [withHead, better[0]!]);
    expect(Object.keys(fromBefore!.rows[0]!.values)).toEqual(['acc']);
    expect(Object.keys(fromFirst!.rows[0]!.values)).toEqual(['acc']);
    const [, other] = comparedDifferences(before, [better[0]!, withHead]);
    expect(Object.keys(other!.rows[0]!.values)).toEqual(['acc']);
  });

  it('is nothing without a run', () => {
    expect(comparedDifferences(before, [])).toEqual([]);
  });
});
