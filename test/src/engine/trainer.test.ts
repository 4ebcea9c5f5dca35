import {setTimeout as sleep} from 'node:timers/promises';
import {describe, expect, test} from 'vitest';
import type {HostArrays, StepNumbers} from '../../../src/engine/step.js';
import {train, type TrainedStep, type TrainOptions} from '../../../src/engine/trainer.js';

/** Blocks the thread, as an engine does. */
function block(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

const batchOf = (step: number): HostArrays => ({x: {shape: [], data: Float32Array.of(step)}});
const numbersOf = (batch: HostArrays): StepNumbers => {
  const x = batch['x']!.data[0]!;
  return {loss: x * 10, terms: {only: x}, gradientNorm: 1};
};

function optionsWith(change: Partial<TrainOptions>): TrainOptions {
  return {
    compiled: {run: numbersOf},
    from: 0,
    steps: 4,
    batches: (step) => Promise.resolve(batchOf(step)),
    scalars: (step) => ({step: step + 1, learningRate: 0.1}),
    stopRequested: () => false,
    ...change,
  };
}

async function all(change: Partial<TrainOptions>): Promise<TrainedStep[]> {
  const records: TrainedStep[] = [];
  for await (const record of train(optionsWith(change))) records.push(record);
  return records;
}

describe('train', () => {
  test('runs each step once, in order, with its own batch and scalars', async () => {
    const scalars: unknown[] = [];
    const run: TrainOptions['compiled']['run'] = (batch, given) => {
      scalars.push(given);
      return numbersOf(batch);
    };
    const records = await all({compiled: {run}, from: 2, steps: 5});
    expect(records.map(({step, loss, terms}) => [step, loss, terms['only']])).toEqual([
      [2, 20, 2],
      [3, 30, 3],
      [4, 40, 4],
    ]);
    expect(scalars).toEqual([3, 4, 5].map((step) => ({step, learningRate: 0.1})));
  });

  test('nothing left to do is no step and no batch', async () => {
    const asked: number[] = [];
    const batches = (step: number) => {
      asked.push(step);
      return Promise.resolve(batchOf(step));
    };
    expect(await all({from: 4, steps: 4, batches})).toEqual([]);
    expect(asked).toEqual([]);
  });

  test('asks for a batch while the step before runs, never twice and never beyond the end', async () => {
    const order: string[] = [];
    const batches = (step: number) => {
      order.push(`ask ${step}`);
      return Promise.resolve(batchOf(step));
    };
    const run = (batch: HostArrays) => {
      order.push(`run ${batch['x']!.data[0]}`);
      return numbersOf(batch);
    };
    await all({compiled: {run}, batches, steps: 3});
    expect(order).toEqual(['ask 0', 'ask 1', 'run 0', 'ask 2', 'run 1', 'run 2']);
  });

  test('work of other threads for the next batch goes on while the engine blocks', async () => {
    // a timer stands for a decoding thread: it is due while the step runs, so nothing is left to wait for
    const batches = async (step: number) => {
      await sleep(150);
      return batchOf(step);
    };
    const run = (batch: HostArrays) => {
      block(200);
      return numbersOf(batch);
    };
    const [first, ...others] = await all({compiled: {run}, batches});
    expect(first!.dataWaitMs).toBeGreaterThan(140);
    for (const {graphMs, dataWaitMs} of others) {
      expect(graphMs).toBeGreaterThanOrEqual(200);
      expect(dataWaitMs).toBeLessThan(120);
    }
  });

  test('a batch that is late shows as waiting', async () => {
    const batches = async (step: number) => {
      await sleep(80);
      return batchOf(step);
    };
    for (const {stepMs, graphMs, dataWaitMs} of await all({batches, steps: 3})) {
      expect(dataWaitMs).toBeGreaterThan(60);
      expect(dataWaitMs + graphMs).toBeLessThanOrEqual(stepMs);
    }
  });

  test('what asking for the next batch takes of this thread is waiting for data too', async () => {
    const batches = (step: number) => {
      block(20);
      return Promise.resolve(batchOf(step));
    };
    const records = await all({batches, steps: 3});
    for (const {dataWaitMs} of records.slice(0, 2)) expect(dataWaitMs).toBeGreaterThanOrEqual(20);
  });

  test('the steps add up to the whole time, with what the reader does between records', async () => {
    const records: TrainedStep[] = [];
    const start = performance.now();
    let end = start;
    for await (const record of train(optionsWith({}))) {
      end = performance.now();
      records.push(record);
      await sleep(50);
    }
    const sum = records.reduce((total, {stepMs}) => total + stepMs, 0);
    expect(Math.abs(sum - (end - start))).toBeLessThan(20);
    for (const {stepMs, graphMs, dataWaitMs} of records.slice(1)) {
      expect(stepMs - graphMs - dataWaitMs).toBeGreaterThan(45);
    }
  });

  test('the first step of a process is marked: the engine prepares itself in it', async () => {
    expect((await all({from: 2, steps: 5})).map(({isFirst}) => isFirst)).toEqual([true, false, false]);
  });

  test('a stop asked for by the reader ends the loop before the next step', async () => {
    const done: number[] = [];
    for await (const {step} of train(optionsWith({stopRequested: () => done.length === 2, steps: 100}))) {
      done.push(step);
    }
    expect(done).toEqual([0, 1]);
  });

  test('a stop asked for by a timer or a message gets through though every batch is ready', async () => {
    let stop = false;
    let runs = 0;
    const run = (batch: HostArrays) => {
      if (++runs === 3) setTimeout(() => (stop = true), 1);
      block(5);
      return numbersOf(batch);
    };
    // the timer is due when the third step ends
    const records = await all({compiled: {run}, stopRequested: () => stop, steps: 10_000});
    expect(records.length).toBeGreaterThanOrEqual(3);
    expect(records.length).toBeLessThan(10);
  });

  test('a stop asked for while a batch is waited for runs no further step', async () => {
    let stop = false;
    const batches = async (step: number) => {
      if (step === 1) {
        await sleep(20);
        stop = true;
      }
      return batchOf(step);
    };
    expect((await all({batches, stopRequested: () => stop})).map(({step}) => step)).toEqual([0]);
  });

  test('a batch that fails ends the loop when its step comes, after the steps before', async () => {
    const done: number[] = [];
    const batches = (step: number) =>
      step === 2 ? Promise.reject(new Error('image 17: unreadable')) : Promise.resolve(batchOf(step));
    const run = async () => {
      for await (const {step} of train(optionsWith({batches}))) done.push(step);
    };
    await expect(run()).rejects.toThrow('image 17: unreadable');
    expect(done).toEqual([0, 1]);
  });

  test('a batch that fails after the loop was left disturbs nobody', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', note);
    const batches = async (step: number) => {
      if (step === 0) return batchOf(0);
      await sleep(10);
      throw new Error('too late');
    };
    for await (const _ of train(optionsWith({batches}))) break;
    await sleep(30);
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });

  test('an error of the step reaches the reader', async () => {
    const run = () => {
      throw new Error('step 1: expected a finite loss, got NaN');
    };
    await expect(all({compiled: {run}})).rejects.toThrow('got NaN');
  });
});
