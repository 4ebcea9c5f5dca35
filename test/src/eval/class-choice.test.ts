import {describe, expect, it} from 'vitest';
import {chooseClasses, readableName} from '../../../src/eval/class-choice.js';
import {exitCodes, UserError} from '../../../src/support/errors.js';

const domain = {
  name: 'farm',
  classSets: {
    large: {names: {cow: 'brown cow', sheep: 'white sheep', barn: 'red barn', pigSty: 'pig sty'}},
    small: {names: {cow: 'cow', sheep: 'sheep', barn: 'barn'}},
    other: {names: {tractor: 'tractor'}},
  },
};
const place = 'farm.tar';

function failure(run: () => unknown): UserError {
  try {
    run();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('expected a UserError, got a result');
}

describe('chooseClasses', () => {
  it('takes the smallest class set of the domain that has all labels', () => {
    expect(chooseClasses({place, labels: ['cow', 'barn', 'cow'], domain})).toEqual({
      set: 'small',
      labels: ['cow', 'sheep', 'barn'],
      names: ['cow', 'sheep', 'barn'],
    });
    expect(chooseClasses({place, labels: ['cow', 'pigSty'], domain}).set).toBe('large');
  });

  it('takes the class set that is asked for', () => {
    expect(chooseClasses({place, labels: ['cow'], domain, choice: 'large'}).names).toContain('brown cow');
  });

  it('without a domain takes the labels themselves, sorted and readable', () => {
    expect(chooseClasses({place, labels: ['pigSty', 'cow', 'pigSty']})).toEqual({
      set: 'labels',
      labels: ['cow', 'pigSty'],
      names: ['cow', 'pig sty'],
    });
  });

  it('takes the labels as they are written when asked for raw, even with a domain', () => {
    expect(chooseClasses({place, labels: ['pigSty'], domain, choice: 'raw'}).names).toEqual(['pigSty']);
    expect(chooseClasses({place, labels: ['pigSty'], domain, choice: 'labels'}).names).toEqual(['pig sty']);
  });

  it('names the labels that the nearest class set lacks', () => {
    const error = failure(() => chooseClasses({place, labels: ['cow', 'shep', 'goat'], domain}));
    expect(error.message).toBe(
      'farm.tar: expected labels of class set small of domain farm, got goat, shep (known: cow, sheep, barn)',
    );
    expect(error.tryThis).toContain('--classes labels');
    expect(error.exit).toBe(exitCodes.data);
  });

  it('lists the known class sets, with the nearest, when the choice is unknown', () => {
    const error = failure(() => chooseClasses({place, labels: ['cow'], domain, choice: 'smal'}));
    expect(error.message).toBe(
      '--classes: expected a class set, got smal (known: large, small, other, labels, raw; did you mean small?)',
    );
    expect(error.exit).toBe(exitCodes.usage);
  });

  it('refuses a class set without a domain', () => {
    const error = failure(() => chooseClasses({place, labels: ['cow'], choice: 'small'}));
    expect(error.message).toContain('--classes: expected a class set, got small (known: labels, raw');
  });

  it('says so when the domain has no class sets', () => {
    const error = failure(() =>
      chooseClasses({place, labels: ['cow'], domain: {name: 'empty', classSets: {}}}),
    );
    expect(error.message).toBe('farm.tar: expected a domain with class sets, got empty that has none');
  });
});

it.each([
  ['baseballDiamond', 'baseball diamond'],
  ['tennis_court', 'tennis court'],
  ['Golf-Course', 'golf course'],
  ['RGBImage2D', 'rgb image2 d'],
  ['river or lake', 'river or lake'],
])('readableName(%s) is %s', (label, name) => {
  expect(readableName(label)).toBe(name);
});
