import {epochOf} from '../../data/batch-order.js';
import type {TrainedStep} from '../../engine/trainer.js';
import type {Plan} from '../../recipe/plan.js';
import type {StepEvent} from '../events.js';

/** Steps that an estimate looks back on: as many as there are between two checkpoints, unless asked otherwise. */
const lookBack = 50;

/**
 * Seconds left, from the mean of the last steps with all that happened between them. The first step of a process counts
 * only until there is another one: the engine prepares itself in it.
 */
export function stepClock(steps: number): (record: TrainedStep) => number {
  let recent: number[] = [];
  let onlyFirst = false;
  return ({step, stepMs, isFirst}) => {
    recent = [...(onlyFirst ? [] : recent), stepMs].slice(-lookBack);
    onlyFirst = isFirst;
    const mean = recent.reduce((sum, each) => sum + each, 0) / recent.length;
    return ((steps - step - 1) * mean) / 1000;
  };
}

/** What a step reports, from its record and what the loop knows beside it. */
export function stepEvent(
  plan: Plan,
  record: TrainedStep,
  more: Pick<StepEvent, 'learningRate' | 'logitScale' | 'secondsLeft'>,
): StepEvent {
  const {loss, terms, logged, gradientNorm, stepMs, graphMs, dataWaitMs} = record;
  return {
    type: 'step',
    step: record.step + 1,
    steps: plan.train.steps,
    epoch: epochOf(record.step, plan.counts.captioned, plan.train.batch),
    loss,
    terms,
    ...(logged && {logged}),
    gradientNorm,
    ...more,
    stepMs,
    graphMs,
    dataWaitMs,
    dataWaitShare: dataWaitMs / stepMs,
    ...(record.isFirst && {setupMs: graphMs}),
    pairsPerSecond: (plan.train.batch * 1000) / stepMs,
    rssBytes: process.memoryUsage.rss(),
  };
}
