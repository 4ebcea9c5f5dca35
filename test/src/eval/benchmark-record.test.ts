import {describe, expect, it} from 'vitest';
import {benchmarkRecord} from '../../../src/eval/benchmark-record.js';
import type {EvaluationResult, Measured} from '../../../src/eval/evaluation-result.js';
import {eventMetrics} from '../../../src/eval/metric-names.js';

function measured(value: number): Measured {
  return {value, ci95: [value - 0.05, value + 0.05], scores: {sums: [value], counts: [1]}};
}

function direction(first: number) {
  return {
    queries: 20,
    recall: {1: measured(first), 5: measured(first + 0.1), 10: measured(first + 0.2)},
    meanRank: 3.5,
    medianRank: 2,
  };
}

const zeroShot = {
  images: 10,
  classSet: 'farm',
  classes: 6,
  templates: ['a {}.'],
  acc1: measured(0.3),
  acc5: measured(0.9),
  meanPerClassRecall: measured(0.25),
  perClass: [{label: 'redBarn', name: 'red barn', n: 10, recall: 0.3, takenFor: {name: 'cow', n: 4}}],
};
const retrieval = {
  protocol: 'standard' as const,
  images: 10,
  captions: 20,
  distinctTexts: 15,
  imageToText: direction(0.2),
  textToImage: direction(0.4),
};
const result: EvaluationResult = {dataset: 'farm', seconds: 1.5, zeroShot, retrieval};
const about = {model: 'ViT-B-32', pretrained: 'openai', method: 'zero-shot', seed: 3};

describe('benchmarkRecord', () => {
  it('has the keys that CLIP_benchmark writes, for one task', () => {
    const record = benchmarkRecord({dataset: 'farm', seconds: 1, zeroShot}, about);
    expect(record).toMatchObject({
      dataset: 'farm',
      model: 'ViT-B-32',
      pretrained: 'openai',
      task: 'zeroshot_classification',
      metrics: {acc1: 0.3, acc5: 0.9, mean_per_class_recall: 0.25},
      language: 'en',
    });
  });

  it('names retrieval by what is retrieved, as CLIP_benchmark does', () => {
    const record = benchmarkRecord({dataset: 'farm', seconds: 1, retrieval}, about);
    expect(record.task).toBe('zeroshot_retrieval');
    // a text query retrieves images, an image query retrieves texts
    expect(record.metrics['image_retrieval_recall@1']).toBe(0.4);
    expect(record.metrics['text_retrieval_recall@1']).toBe(0.2);
    expect(Object.keys(record.metrics)).toHaveLength(6);
  });

  it('joins both tasks in one record, with an interval for every metric, the seed and the method', () => {
    const record = benchmarkRecord(result, {...about, method: 's-clip', trainingSeed: 7});
    expect(record.task).toBe('zeroshot_classification+zeroshot_retrieval');
    expect(Object.keys(record.ci95).sort()).toEqual(Object.keys(record.metrics).sort());
    expect(record).toMatchObject({seed: 3, training_seed: 7, method: 's-clip'});
  });

  it('writes null for the top-5 accuracy of fewer than five classes, so that it stays JSON', () => {
    const {acc5: _, ...few} = zeroShot;
    const record = benchmarkRecord({dataset: 'farm', seconds: 1, zeroShot: few}, about);
    expect(record.metrics['acc5']).toBeNull();
    expect(JSON.parse(JSON.stringify(record))).toEqual(record);
  });

  it('tells the baseline and by how much the model is better', () => {
    const differences = {acc1: {value: 0.1, ci95: [0.02, 0.18]}} as const;
    const baseline = {result, about: {model: 'clip', pretrained: './clip', method: 'zero-shot'}, differences};
    expect(benchmarkRecord(result, about, baseline).baseline).toMatchObject({
      pretrained: './clip',
      metrics: {acc1: 0.3},
      difference: {acc1: 0.1},
      difference_ci95: {acc1: [0.02, 0.18]},
    });
  });

  it('holds figures alone, not the hits of every image', () => {
    expect(JSON.stringify(benchmarkRecord(result, about))).not.toContain('sums');
  });
});

describe('eventMetrics', () => {
  it('names every figure by task, data, direction and measure', () => {
    expect(Object.keys(eventMetrics(result))).toEqual([
      'zeroshot.farm.acc1',
      'zeroshot.farm.acc5',
      'zeroshot.farm.mean_per_class_recall',
      'retrieval.farm.text_to_image.R@1',
      'retrieval.farm.text_to_image.R@5',
      'retrieval.farm.text_to_image.R@10',
      'retrieval.farm.image_to_text.R@1',
      'retrieval.farm.image_to_text.R@5',
      'retrieval.farm.image_to_text.R@10',
    ]);
    expect(eventMetrics(result)['retrieval.farm.text_to_image.R@1']!.value).toBe(0.4);
  });
});
