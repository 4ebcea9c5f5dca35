import {epochOf} from '../../data/batch-order.js';
import type {TrainedStep} from '../../engine/trainer.js';
import type {Plan} from '../../recipe/plan.js';
import type {StepEvent} from '../events.js';

/** Seconds left, from the median of the last steps: the first ones are slower and must not weigh on it. */
export function stepClock(steps: number): (record: TrainedStep) => number {
  const recent: number[] = [];
  return ({step, stepMs}) => {
    recent.push(stepMs);
    if (recent.length > 20) recent.shift();
    const median = [...recent].sort((a, b) => a - b)[recent.length >> 1]!;
    return ((steps - step - 1) * median) / 1000;
  };
}

/** What a step reports, from its record and what the loop knows beside it. */
export function stepEvent(
  plan: Plan,
  record: TrainedStep,
  more: Pick<StepEvent, 'learningRate' | 'logitScale' | 'secondsLeft'>,
): StepEvent {
  return {
    type: 'step',
    step: record.step + 1,
    steps: plan.train.steps,
    epoch: epochOf(record.step, plan.counts.captioned, plan.train.batch),
    loss: record.loss,
    terms: record.terms,
    gradientNorm: record.gradientNorm,
    ...more,
    stepMs: record.stepMs,
    dataWaitShare: record.dataWaitShare,
    pairsPerSecond: (plan.train.batch * 1000) / record.stepMs,
    rssBytes: process.memoryUsage.rss(),
  };
}
