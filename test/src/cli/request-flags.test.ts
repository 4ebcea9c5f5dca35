import {describe, expect, it} from 'vitest';
import {requestOf} from '../../../src/cli/request-flags.js';
import {UserError} from '../../../src/support/errors.js';

describe('the request that flags spell', () => {
  it('holds only what was given', () => {
    expect(requestOf({})).toEqual({});
    expect(requestOf({method: 'clip', lr: '1e-4', 'unpaired-batch': '8'})).toEqual({
      method: 'clip',
      learningRate: 1e-4,
      unpairedBatch: 8,
    });
  });

  it('takes parameters of the method from --set and from flags of their own, numbers as numbers', () => {
    const flags = {transport: 'soft', set: ['plan-grad=through', 'caption-weight=0.5', 'sharp']};
    expect(requestOf(flags)).toEqual({
      params: {transport: 'soft', planGrad: 'through', captionWeight: 0.5, sharp: true},
    });
  });

  it('adds methods with a factor and parameters of their own', () => {
    const flags = {
      method: 's-clip',
      with: ['soft-pl:0.25', 'wise-ft'],
      set: ['transport=hard', 'wise-ft.alpha=0.7', 'soft-pl.plan-grad=stop'],
    };
    expect(requestOf(flags)).toEqual({
      method: 's-clip',
      params: {transport: 'hard'},
      with: [
        {name: 'soft-pl', weight: 0.25, params: {planGrad: 'stop'}},
        {name: 'wise-ft', params: {alpha: 0.7}},
      ],
    });
  });

  it('refuses a parameter of a method that is not there', () => {
    expect(() => requestOf({set: ['wise-ft.alpha=1']})).toThrow(
      new UserError('--set wise-ft.alpha=1: expected a method given by --with, got wise-ft', {
        tryThis: '--with wise-ft',
      }),
    );
  });

  it('keeps numbers with a point in their value apart from names of methods', () => {
    expect(requestOf({set: ['transport-reg=0.05']})).toEqual({params: {transportReg: 0.05}});
  });
});
