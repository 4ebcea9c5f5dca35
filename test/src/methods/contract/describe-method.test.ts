import {expect, it} from 'vitest';
import {z} from 'zod';
import clip from '../../../../src/methods/clip.js';
import {describeMethod} from '../../../../src/methods/contract/describe-method.js';
import {describeParameters} from '../../../../src/methods/contract/describe-parameters.js';
import {defineMethod} from '../../../../src/methods/contract/method.js';
import sClip from '../../../../src/methods/s-clip.js';

it('writes the objective with the names of its weights', () => {
  expect(describeMethod(sClip).objective).toBe(
    'contrastive + captionWeight * caption + keywordWeight * keyword',
  );
  expect(describeMethod(clip).objective).toBe('contrastive');
});

it('explains the symbols that the formulas use, and no others', () => {
  expect(Object.keys(describeMethod(clip).symbols)).toEqual(['I', 'T', 's', 'CE']);
  expect(Object.keys(describeMethod(sClip).symbols)).toEqual(['I', 'T', 'Q', 'W', 's', 'CE', 'SCE']);
});

it('says what a method reads', () => {
  expect(describeMethod(clip).reads).toEqual(['captioned images']);
  expect(describeMethod(sClip).reads).toEqual(['captioned images', 'uncaptioned images', 'keywords']);
});

it('says in words what every kind of parameter takes', () => {
  const {name, summary, cites, differs, needs, formula} = clip;
  const method = defineMethod({
    ...{name, summary, cites, differs, needs, formula},
    objective: () => ({terms: {}}),
    params: z.strictObject({
      kind: z.enum(['a', 'b', 'c']).default('a').describe('one of three'),
      single: z.enum(['only']).default('only'),
      stepCount: z.int().min(1).max(9).default(2),
      share: z.number().positive().max(1).default(0.5),
      weight: z.number().min(0).default(1),
      free: z.number().default(-1),
      below: z.number().lt(3).default(0),
      sharp: z.boolean().default(true),
      rate: z.union([z.literal('auto'), z.number().positive()]).default('auto'),
    }),
  });
  const parameters = describeParameters(method);
  expect(parameters.map(({name, accepts}) => [name, accepts])).toEqual([
    ['kind', 'a, b or c'],
    ['single', 'only'],
    ['stepCount', 'a whole number from 1 to 9'],
    ['share', 'a number > 0 and <= 1'],
    ['weight', 'a number >= 0'],
    ['free', 'a number'],
    ['below', 'a number < 3'],
    ['sharp', 'true or false'],
    ['rate', 'auto or a number > 0'],
  ]);
  expect(parameters[0]).toEqual({
    name: 'kind',
    flag: 'kind',
    description: 'one of three',
    accepts: 'a, b or c',
    default: 'a',
  });
  expect(parameters[2]!.flag).toBe('step-count');
});
