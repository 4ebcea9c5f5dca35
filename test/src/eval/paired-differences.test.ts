import {expect, it} from 'vitest';
import {metricValue, pairedInterval, type ItemScores} from '../../../src/eval/bootstrap.js';
import type {EvaluationResult, Measured} from '../../../src/eval/evaluation-result.js';
import {pairedDifferences} from '../../../src/eval/paired-differences.js';

function measured(hits: readonly number[]): Measured {
  const scores: ItemScores = {sums: hits, counts: hits.map(() => 1)};
  return {value: metricValue(scores), ci95: [0, 1], scores};
}

function result(acc1: readonly number[], acc5?: readonly number[]): EvaluationResult {
  return {
    dataset: 'farm',
    seconds: 1,
    zeroShot: {
      images: acc1.length,
      classSet: 'farm',
      classes: 5,
      templates: ['{}'],
      acc1: measured(acc1),
      ...(acc5 && {acc5: measured(acc5)}),
      meanPerClassRecall: measured(acc1),
      perClass: [],
    },
  };
}

const before = result([0, 0, 1, 1, 0, 1], [1, 1, 1, 1, 1, 1]);
const after = result([1, 0, 1, 1, 1, 1], [1, 0, 1, 1, 1, 1]);

it('is the paired difference of every metric, the first model subtracted from the second', () => {
  const differences = pairedDifferences(before, after, 3);
  expect(Object.keys(differences)).toEqual(['acc1', 'acc5', 'mean_per_class_recall']);
  expect(differences['acc1']!.value).toBeCloseTo(2 / 6, 12);
  expect(differences['acc5']!.value).toBeCloseTo(-1 / 6, 12);
  expect(differences['acc1']).toEqual(
    pairedInterval(before.zeroShot!.acc1.scores, after.zeroShot!.acc1.scores, {seed: 3}),
  );
});

it('leaves out what only one of them has', () => {
  expect(Object.keys(pairedDifferences(result([1, 0]), result([1, 1], [1, 1]), 0))).toEqual([
    'acc1',
    'mean_per_class_recall',
  ]);
});
