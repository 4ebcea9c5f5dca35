import {describe, expect, it} from 'vitest';
import {checkAgreement, type FirstSteps} from '../../bench/train/agreement.js';

const steps = (loss: number, gradientNorm = 2, keyword = 1) => [{loss, gradientNorm, terms: {keyword}}];
const torch: FirstSteps = {name: 'torch', precision: 'fp32', steps: steps(4)};

describe('checkAgreement', () => {
  it('lets contenders pass that compute the same, in bf16 more loosely', () => {
    const ours: FirstSteps = {name: 'ours', precision: 'fp32', steps: steps(4.003, 2.01)};
    const half: FirstSteps = {name: 'ours-bf16', precision: 'bf16', steps: steps(4.07, 2.15)};
    expect(() => checkAgreement([torch, ours, half], 'cpu')).not.toThrow();
  });

  it.each([
    ['the loss', steps(4.005), 'the loss of torch in step 1, 4 within 0.001 of it, got 4.005'],
    [
      'the norm of the gradients',
      steps(4, 2.1),
      'the gradientNorm of torch in step 1, 2 within 0.01 of it, got 2.1',
    ],
    ['a term', steps(4, 2, 1.1), 'the keyword of torch in step 1, 1 within 0.001 of it, got 1.1'],
  ])('refuses to time what differs in %s', (_, wrong, message) => {
    const ours: FirstSteps = {name: 'ours', precision: 'fp32', steps: wrong};
    expect(() => checkAgreement([torch, ours], 'cpu')).toThrow(`ours: expected ${message}`);
  });

  it.each([NaN, Infinity])('refuses %s', (loss) => {
    const ours: FirstSteps = {name: 'ours', precision: 'bf16', steps: steps(loss)};
    expect(() => checkAgreement([torch, ours], 'cpu')).toThrow(`got ${loss}`);
  });

  it('refuses a contender that lacks a term', () => {
    const ours: FirstSteps = {
      name: 'ours',
      precision: 'fp32',
      steps: [{loss: 4, gradientNorm: 2, terms: {}}],
    };
    expect(() => checkAgreement([torch, ours], 'cpu')).toThrow('the keyword of torch');
  });

  it('gives two in bf16 twice as much between them as one to fp32', () => {
    const half = (loss: number): FirstSteps => ({
      name: `half-${loss}`,
      precision: 'bf16',
      steps: steps(loss),
    });
    expect(() => checkAgreement([half(4), half(4.3)], 'cpu')).not.toThrow();
    expect(() => checkAgreement([half(4), half(4.5)], 'cpu')).toThrow('half-4.5: expected the loss');
    expect(() => checkAgreement([torch, half(4.3)], 'cpu')).toThrow('half-4.3: expected the loss');
  });

  it('allows TF32 on a GPU its shorter factors', () => {
    const ours: FirstSteps = {name: 'ours', precision: 'fp32', steps: steps(4.03, 2.05)};
    expect(() => checkAgreement([torch, ours], 'cuda')).not.toThrow();
    expect(() => checkAgreement([torch, ours], 'cpu')).toThrow('the loss of torch');
  });
});
