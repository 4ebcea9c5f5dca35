import {render} from 'ink-testing-library';
import {describe, expect, it} from 'vitest';
import type {RunEvent, StepEvent} from '../../../src/app/events.js';
import {afterEvent, initialRunState} from '../../../src/ui/run-state.js';
import {RunView} from '../../../src/ui/run-view.js';

const step = (n: number): StepEvent => ({
  type: 'step',
  step: n,
  steps: 120,
  epoch: 3,
  loss: 2 + 1 / n,
  terms: {contrastive: 1.25, caption: 0.5},
  gradientNorm: 1.5,
  learningRate: 1.8e-5,
  logitScale: 14.29,
  stepMs: 800,
  graphMs: 720,
  dataWaitMs: 64,
  dataWaitShare: 0.08,
  pairsPerSecond: 80,
  secondsLeft: 62,
  rssBytes: 812 * 2 ** 20,
});

const events: RunEvent[] = [
  {type: 'start', version: 1, run: 'abc', folder: 'runs/x', method: 's-clip', steps: 120},
  {type: 'phase', phase: 'evaluate-before'},
  {
    type: 'evaluation',
    moment: 'before',
    step: 0,
    metrics: {'zeroshot.acc1': {value: 0.233, ci95: [0.18, 0.29]}},
  },
  {type: 'phase', phase: 'train'},
  step(1),
  step(30),
];

const frame = (list: readonly RunEvent[]) =>
  render(<RunView state={list.reduce(afterEvent, initialRunState)} />).lastFrame();

describe('RunView', () => {
  it('shows phase, rate, time left, losses by term and the numbers to watch', () => {
    expect(frame(events)).toMatchInlineSnapshot(`
      "s-clip  run abc  runs/x
      training  ██████░░░░░░░░░░░░░░░░░░  30/120  80.0 pairs/s  1:02 left
      loss 2.0333 █▁  contrastive 1.2500  caption 0.5000
      epoch 3  rate 1.80e-5  scale 14.3  gradient 1.50  memory 812 MiB  waiting for data 8.0 %
                                   before
      zeroshot.acc1     23.3 [18.0, 29.0]"
    `);
  });

  it('of the measurements on the way only the last stands beside those before and after', () => {
    const measured = (moment: 'during' | 'after', value: number): RunEvent => ({
      ...{type: 'evaluation', moment, step: 10},
      metrics: {'zeroshot.acc1': {value, ci95: [value - 0.05, value + 0.05]}},
    });
    const shown = frame([...events, measured('during', 0.3), measured('during', 0.4)])!;
    expect(shown).toMatch(/before +during\n/);
    expect(shown).toContain('40.0 [35.0, 45.0]');
    expect(shown).not.toContain('30.0 [');
    expect(frame([...events, measured('during', 0.3), measured('after', 0.5)])).toMatch(/before +after\n/);
  });

  it('does not mention a wait for data that hardly counts', () => {
    expect(frame([...events, {...step(31), dataWaitShare: 0.05}])).not.toContain('waiting');
  });

  it('shows the work of a phase that can be counted', () => {
    const counting = frame([{type: 'progress', phase: 'evaluate-before', done: 105, total: 210}]);
    expect(counting).toContain('measuring before  ████████████░░░░░░░░░░░░  105/210');
  });

  it('ends with where things are', () => {
    const done: RunEvent = {
      type: 'done',
      model: 'runs/x/model',
      result: 'runs/x/result.json',
      seconds: 12.34,
      before: {},
      after: {},
    };
    expect(frame([...events, done])).toContain('done in 12.3 s: model in runs/x/model');
    const stopped = frame([...events, {type: 'stopped', step: 30, signal: 'SIGINT'}]);
    expect(stopped).toContain('stopped by SIGINT after step 30; --resume goes on from there');
  });

  it('keeps a long loss curve bounded and its end exact', () => {
    let state = initialRunState;
    for (let n = 1; n <= 5000; n++) state = afterEvent(state, step(n));
    expect(state.losses.length).toBeLessThanOrEqual(1000);
    expect(state.losses.at(-1)).toBe(2 + 1 / 5000);
  });
});
