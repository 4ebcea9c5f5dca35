import {createHash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {expect, it} from 'vitest';
import {z} from 'zod';
import {labelSplit} from '../../src/data/label-split.js';
import {mersenneTwister} from '../../src/data/mersenne-twister.js';

const vectorsFile = new URL('../../../shared/spec/s-clip-vectors.json', import.meta.url);
const vectorSchema = z.object({
  inputs: z.object({cases: z.array(z.object({n: z.int(), seed: z.int(), ratio: z.number()}))}),
  expected: z.object({
    mt19937_seed0_first5_uint32: z.array(z.int()),
    cases: z.array(
      z.object({
        labelled: z.int(),
        first_20: z.array(z.int()),
        sha256_of_labelled_indices_comma_joined: z.string(),
      }),
    ),
  }),
});
const file = z
  .object({cases: z.array(z.looseObject({id: z.string()}))})
  .parse(JSON.parse(readFileSync(vectorsFile, 'utf8')));
const {inputs, expected} = vectorSchema.parse(file.cases.find(({id}) => id === 'label_split'));

it('draws the numbers of the vector', () => {
  const draw = mersenneTwister(0);
  expect(Array.from({length: 5}, draw)).toEqual(expected.mt19937_seed0_first5_uint32);
});

it.each(inputs.cases.map((input, i) => ({...input, expected: expected.cases[i]!})))(
  'label_split: n $n, seed $seed, ratio $ratio',
  ({n, seed, ratio, expected: vector}) => {
    const {labelled, unlabelled} = labelSplit(n, ratio, seed);
    expect(labelled).toHaveLength(vector.labelled);
    expect([...labelled, ...unlabelled].slice(0, 20)).toEqual(vector.first_20);
    expect(createHash('sha256').update(labelled.join(',')).digest('hex')).toBe(
      vector.sha256_of_labelled_indices_comma_joined,
    );
  },
);
