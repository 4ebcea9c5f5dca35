import {expect, it} from 'vitest';
import {checkTemplates, fillTemplates} from '../../../src/eval/prompts.js';

it('fillTemplates keeps the templates of a class together, and fills every gap', () => {
  expect(fillTemplates(['a {}.', '{} and {}'], ['cow', 'red barn'])).toEqual([
    'a cow.',
    'cow and cow',
    'a red barn.',
    'red barn and red barn',
  ]);
});

it('fillTemplates takes a name with a dollar sign as it is', () => {
  expect(fillTemplates(['a {}.'], ["$& $' sign"])).toEqual(["a $& $' sign."]);
});

it('checkTemplates names the first template without a place for the class name', () => {
  expect(() => checkTemplates(['a {}.', 'a photo'], '--templates')).toThrow(
    '--templates: expected {} where the class name goes, got a photo',
  );
  expect(() => checkTemplates([], 'domain farm')).toThrow(
    'domain farm: expected at least one template, got none',
  );
});
