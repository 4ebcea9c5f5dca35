import {describe, expect, it} from 'vitest';
import {stepClock, stepEvent} from '../../../../src/app/training/step-event.js';
import type {TrainedStep} from '../../../../src/engine/trainer.js';
import type {Plan} from '../../../../src/recipe/plan.js';

const record = (step: number, change: Partial<TrainedStep> = {}): TrainedStep => ({
  step,
  loss: 1,
  terms: {contrastive: 1},
  gradientNorm: 2,
  stepMs: 500,
  graphMs: 400,
  dataWaitMs: 25,
  isFirst: false,
  ...change,
});

describe('stepClock', () => {
  it('is the mean of the steps times what is left', () => {
    const left = stepClock(100);
    left(record(0));
    expect(left(record(1, {stepMs: 700}))).toBeCloseTo((98 * 600) / 1000, 9);
  });

  it('counts the first step of a process only until there is another', () => {
    const left = stepClock(100);
    expect(left(record(10, {stepMs: 9000, isFirst: true}))).toBeCloseTo(89 * 9, 9);
    expect(left(record(11))).toBeCloseTo(88 * 0.5, 9);
    expect(left(record(12))).toBeCloseTo(87 * 0.5, 9);
  });

  it('counts a checkpoint in every fifty steps, so that the estimate is true', () => {
    const left = stepClock(1000);
    let estimate = 0;
    for (let step = 0; step < 200; step++) {
      estimate = left(record(step, {stepMs: step % 50 === 0 ? 10_500 : 500, isFirst: step === 0}));
    }
    expect(estimate).toBeCloseTo(800 * 0.7, 6);
  });

  it('is nothing after the last step', () => {
    expect(stepClock(1)(record(0))).toBe(0);
  });
});

describe('stepEvent', () => {
  const plan = {
    train: {steps: 9, batch: 16},
    counts: {captioned: 64, unpaired: 0},
  } as Plan;
  const more = {learningRate: 1e-3, logitScale: 14, secondsLeft: 3};

  it('takes the rate and the wait from the whole time of the step', () => {
    expect(stepEvent(plan, record(4), more)).toMatchObject({
      step: 5,
      steps: 9,
      epoch: 1,
      stepMs: 500,
      graphMs: 400,
      dataWaitMs: 25,
      dataWaitShare: 0.05,
      pairsPerSecond: 32,
    });
  });

  it('tells the preparation of the engine in the first step of a process alone', () => {
    expect(stepEvent(plan, record(4, {isFirst: true}), more).setupMs).toBe(400);
    expect(stepEvent(plan, record(5), more)).not.toHaveProperty('setupMs');
  });
});
