import {describe, expect, it} from 'vitest';
import type {BenchmarkRecord, EvaluationResult, Measured} from '../../../src/app/evaluate-model.js';
import {evaluationText} from '../../../src/ui/evaluation-text.js';

function measured(value: number): Measured {
  return {value, ci95: [value - 0.05, value + 0.05], scores: {sums: [], counts: []}};
}

function direction(first: number, medianRank: number) {
  const recall = {1: measured(first), 5: measured(first + 0.2), 10: measured(first + 0.4)};
  return {queries: 10, recall, meanRank: 4, medianRank};
}

const result: EvaluationResult = {
  dataset: 'farm',
  seconds: 12.34,
  zeroShot: {
    images: 10,
    classSet: 'farm',
    classes: 2,
    templates: ['a {}.'],
    acc1: measured(0.5),
    meanPerClassRecall: measured(0.625),
    perClass: [
      {label: 'cow', name: 'cow', n: 6, recall: 2 / 3, takenFor: {name: 'red barn', n: 2}},
      {label: 'redBarn', name: 'red barn', n: 4, recall: 0.25, takenFor: {name: 'cow', n: 3}},
    ],
  },
  retrieval: {
    protocol: 'standard',
    images: 10,
    captions: 50,
    distinctTexts: 31,
    imageToText: direction(0.1, 3.5),
    textToImage: direction(0.2, 4),
  },
};
const record = {pretrained: './my-clip', method: 'zero-shot'} as BenchmarkRecord;

describe('evaluationText', () => {
  it('is a page of percents with intervals', () => {
    expect(evaluationText({record, result}, {perClass: false})).toBe(
      [
        './my-clip (zero-shot) on farm: 10 images, 12.3 s',
        '',
        'Zero-shot, 2 classes (farm), 1 template: percent [95 % interval]',
        '  top-1 accuracy          50.0 [45.0, 55.0]',
        '  mean per-class recall   62.5 [57.5, 67.5]',
        '',
        'Retrieval, 50 captions (31 distinct): percent [95 % interval]',
        '                R@1                  R@5                  R@10                 median rank',
        '  image to text  10.0 [5.0, 15.0]     30.0 [25.0, 35.0]    50.0 [45.0, 55.0]   3.5',
        '  text to image  20.0 [15.0, 25.0]    40.0 [35.0, 45.0]    60.0 [55.0, 65.0]   4',
      ].join('\n'),
    );
  });

  it('lists the classes, the worst first, when asked', () => {
    const lines = evaluationText({record, result}, {perClass: true}).split('\n');
    const at = lines.findIndex((line) => line.includes('most often taken for'));
    expect(lines.slice(at, at + 3)).toEqual([
      '  class     images  right %  most often taken for',
      '  red barn       4     25.0  cow (3)',
      '  cow            6     66.7  red barn (2)',
    ]);
  });

  it('tells by how much a model is better than the baseline, and where that is no accident', () => {
    const baseline = {
      pretrained: './base',
      method: 'clip',
      difference: {acc1: 0.1, mean_per_class_recall: -0.02},
      difference_ci95: {acc1: [0.02, 0.18], mean_per_class_recall: [-0.09, 0.05]},
    };
    const compared = {...record, baseline} as unknown as BenchmarkRecord;
    const lines = evaluationText({record: compared, result}, {perClass: false}).split('\n');
    expect(lines.slice(-4)).toEqual([
      'Better than ./base (clip) by, in percentage points [95 % interval, paired]',
      '  acc1                   +10.0 [+2.0, +18.0] *',
      '  mean_per_class_recall   -2.0 [-9.0, +5.0]',
      '  * the interval leaves out 0',
    ]);
  });

  it('names the protocol that draws captions', () => {
    const drawn = {...result, retrieval: {...result.retrieval!, protocol: 's-clip' as const}};
    expect(evaluationText({record, result: drawn}, {perClass: false})).toContain(
      'Retrieval, one drawn caption an image (s-clip protocol): percent',
    );
  });

  it('leaves out what was not measured', () => {
    const {retrieval: _, ...zeroShotOnly} = result;
    expect(evaluationText({record, result: zeroShotOnly}, {perClass: false})).not.toContain('Retrieval');
  });
});
