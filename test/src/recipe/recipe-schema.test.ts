import {describe, expect, it} from 'vitest';
import {recipeFaults, recipeJsonSchema} from '../../../src/recipe/recipe-schema.js';

/** A wrong value for every field of a recipe, by its path, and what must be said of it. */
const planted: Readonly<Record<string, readonly [value: unknown, says: string]>> = {
  about: ['', 'about: expected >= 1, got ""'],
  domain: [7, 'domain: expected string, got 7'],
  model: [null, 'model: expected string, got null'],
  captioned: ['', 'captioned: expected >= 1, got ""'],
  split: [['train'], 'split: expected string, got ["train"]'],
  labelRatio: [1.5, 'labelRatio: expected <= 1, got 1.5'],
  unpaired: [false, 'unpaired: expected string, got false'],
  keywords: ['', 'keywords: expected >= 1, got ""'],
  keywordMatching: ['fuzzy', 'keywordMatching: expected words or exact, got "fuzzy"'],
  augmentation: ['none', 'augmentation: expected domain or published, got "none"'],
  method: ['', 'method: expected >= 1, got ""'],
  params: ['a=b', 'params: expected record, got "a=b"'],
  with: ['lora', 'with: expected array, got "lora"'],
  'with.0.name': ['', 'with.0.name: expected >= 1, got ""'],
  'with.0.weight': [-1, 'with.0.weight: expected >= 0, got -1'],
  'with.0.params': [3, 'with.0.params: expected record, got 3'],
  steps: [0, 'steps: expected >= 1, got 0'],
  epochs: [0, 'epochs: expected > 0, got 0'],
  batch: [1, 'batch: expected >= 2, got 1'],
  unpairedBatch: [0, 'unpairedBatch: expected >= 1, got 0'],
  unpairedOrder: ['sorted', 'unpairedOrder: expected auto or shuffled or matched, got "sorted"'],
  microBatch: [0.5, 'microBatch: expected int, got 0.5'],
  learningRate: [0, 'learningRate: expected > 0, got 0'],
  warmupSteps: [-1, 'warmupSteps: expected >= 0, got -1'],
  weightDecay: [11, 'weightDecay: expected <= 10, got 11'],
  clipNorm: [0, 'clipNorm: expected > 0, got 0'],
  frozen: ['both', 'frozen: expected none or image or text, got "both"'],
  select: ['best', 'select: expected held-out or last, got "best"'],
  heldOutShare: [0.9, 'heldOutShare: expected <= 0.5, got 0.9'],
  seed: [-1, 'seed: expected >= 0, got -1'],
  engine: ['torch', 'engine: expected auto or tensorflow or wasm or cpu, got "torch"'],
  precision: ['fp16', 'precision: expected auto or fp32 or bf16, got "fp16"'],
  capture: ['no', 'capture: expected boolean, got "no"'],
  evaluate: ['test/', 'evaluate: expected array, got "test/"'],
  'evaluate.0': ['', 'evaluate.0: expected >= 1, got ""'],
  checkpointEvery: [0, 'checkpointEvery: expected >= 1, got 0'],
  imageCacheMiB: [-1, 'imageCacheMiB: expected >= 0, got -1'],
  compare: [[], 'compare: expected object, got []'],
  'compare.methods': [[], 'compare.methods: expected >= 1, got []'],
  'compare.methods.0.name': ['', 'compare.methods.0.name: expected >= 1, got ""'],
  'compare.methods.0.label': ['a/b', 'compare.methods.0.label: expected letters, digits, . _ -, got "a/b"'],
  'compare.methods.0.params': [1, 'compare.methods.0.params: expected record, got 1'],
  'compare.methods.0.with': ['lora', 'compare.methods.0.with: expected array, got "lora"'],
  'compare.seeds': [[], 'compare.seeds: expected >= 1, got []'],
  'compare.seeds.0': [-1, 'compare.seeds.0: expected >= 0, got -1'],
  expect: [5, 'expect: expected object, got 5'],
  'expect.minutes': [0, 'expect.minutes: expected > 0, got 0'],
  'expect.machine': ['', 'expect.machine: expected >= 1, got ""'],
  'expect.figures': [[], 'expect.figures: expected record, got []'],
  'expect.figures.acc': [0.5, 'expect.figures.acc: expected object, got 0.5'],
  'expect.figures.acc.value': ['half', 'expect.figures.acc.value: expected number, got "half"'],
  'expect.figures.acc.tolerance': [-1, 'expect.figures.acc.tolerance: expected >= 0, got -1'],
};

/** Fields that take any value; what is in them is checked where a run is made of it. */
const takesAnything = [
  'with.0',
  'compare.methods.0',
  'compare.methods.0.keywordMatching',
  'compare.methods.0.learningRate',
  'compare.methods.0.unpairedOrder',
  'compare.methods.0.with.0',
];

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
}

/** Paths of all fields; a list has the entry `0`, figures have one named acc. */
function fieldsOf(
  {properties = {}, items, additionalProperties}: Schema,
  path: readonly string[] = [],
): string[] {
  const below = [
    ...Object.entries(properties),
    ...(items === undefined ? [] : [['0', items] as const]),
    ...(typeof additionalProperties === 'object' && path[0] === 'expect'
      ? [['acc', additionalProperties] as const]
      : []),
  ];
  return [
    ...(path.length === 0 ? [] : [path.join('.')]),
    ...below.flatMap(([name, schema]) => fieldsOf(schema, [...path, name])),
  ];
}

/** A recipe without fault but for one value. */
function recipeWith(path: string, value: unknown): Record<string, unknown> {
  const recipe = {
    ...{model: './clip', evaluate: ['test/'], with: [{name: 'lora'}]},
    compare: {methods: [{name: 'clip'}], seeds: [0]},
    expect: {minutes: 1, figures: {acc: {value: 0.5, tolerance: 0.1}}},
  };
  const keys = path.split('.');
  const last = keys.pop()!;
  let at = recipe as unknown as Record<string, unknown>;
  for (const key of keys) at = at[key] as Record<string, unknown>;
  at[last] = value;
  return recipe;
}

describe('recipeFaults', () => {
  it('is tried here with a wrong value for every field of the schema', () => {
    const fields = fieldsOf(recipeJsonSchema() as Schema).filter((field) => !takesAnything.includes(field));
    expect(Object.keys(planted).sort()).toEqual(fields.sort());
  });

  it.each(Object.entries(planted))('tells a wrong %s', (path, [value, says]) => {
    expect(recipeFaults(recipeWith(path, value), 'r.yaml')).toEqual([`r.yaml: ${says}`]);
  });

  it('names an unknown key at every depth, with the nearest known one', () => {
    const unknown = {
      modle: 'model',
      'with.0.wieght': 'weight',
      'compare.sedes': 'seeds',
      'compare.methods.0.lable': 'label',
      'expect.minuets': 'minutes',
      'expect.figures.acc.tolerence': 'tolerance',
    };
    for (const [path, known] of Object.entries(unknown)) {
      const key = path.split('.').at(-1);
      const [fault] = recipeFaults(recipeWith(path, 1), 'r.yaml');
      expect(fault).toContain(`expected a known key, got ${key} (did you mean ${known}?)`);
    }
  });
});
