import {describe, expect, it} from 'vitest';
import {comparisonCells} from '../../../src/recipe/comparison.js';

const shared = {model: './clip', domain: 'toy', steps: 4};
const cells = (compare: unknown) =>
  comparisonCells({
    path: 'table.yaml',
    content: {...shared, ...(compare !== undefined && {compare})},
  });

describe('comparisonCells', () => {
  it('has a run for every method and seed, method by method, with the shared options', () => {
    const made = cells({
      methods: ['clip', {name: 's-clip', label: 'ratio', params: {keywordTarget: 'ratio'}}],
      seeds: [3, 5],
    });
    expect(made.map(({label, request}) => [label, request.method, request.seed, request.steps])).toEqual([
      ['clip', 'clip', 3, 4],
      ['clip', 'clip', 5, 4],
      ['ratio', 's-clip', 3, 4],
      ['ratio', 's-clip', 5, 4],
    ]);
    expect(made[2]!.request.params).toEqual({keywordTarget: 'ratio'});
  });

  it('lets a method match keywords by a rule of its own', () => {
    const published = {name: 's-clip', label: 'published', keywordMatching: 'exact'};
    const made = cells({methods: ['s-clip', published]});
    expect(made.map(({request}) => request.keywordMatching)).toEqual(['words', 'exact']);
    expect(() => cells({methods: [{...published, keywordMatching: 'fuzzy'}]})).toThrow(
      'table.yaml: keywordMatching: expected words or exact, got "fuzzy"',
    );
  });

  it('lets a method have a learning rate of its own', () => {
    const made = cells({methods: ['clip', {name: 'lora', learningRate: 5e-4}]});
    expect(made.map(({request}) => request.learningRate)).toEqual([undefined, 5e-4]);
    expect(() => cells({methods: [{name: 'lora', learningRate: -1}]})).toThrow(
      'table.yaml: learningRate: expected > 0, got -1',
    );
  });

  it.each([
    [undefined, 'table.yaml: expected a compare section with methods and seeds, got none'],
    [{methods: []}, /^table\.yaml: compare: methods: expected /],
    [{methods: ['clip', 'clip']}, 'table.yaml: compare: methods: expected each only once, got clip twice'],
    [
      {methods: ['clip'], seeds: [1, 2, 1]},
      'table.yaml: compare: seeds: expected each only once, got 1 twice',
    ],
    [{methods: [{name: 'clip', label: '../up'}]}, /expected letters, digits, \. _ -, got "\.\.\/up"/],
    [{methods: ['clip'], seed: [1]}, /seed/],
  ])('refuses %j', (compare, message) => {
    expect(() => cells(compare)).toThrow(message);
  });
});
