import {setTimeout as sleep} from 'node:timers/promises';
import {describe, expect, it} from 'vitest';
import {emitted} from '../../../src/app/emitted.js';

async function drain<E, T>(generator: AsyncGenerator<E, T>, events: E[]): Promise<T> {
  for (;;) {
    const {done, value} = await generator.next();
    if (done) return value;
    events.push(value);
  }
}

describe('emitted', () => {
  it('yields what is reported, in order, and returns what the work returns', async () => {
    const events: number[] = [];
    const work = async (emit: (event: number) => void) => {
      emit(1);
      emit(2);
      await sleep(5);
      emit(3);
      return 'done';
    };
    expect(await drain(emitted(work), events)).toBe('done');
    expect(events).toEqual([1, 2, 3]);
  });

  it('yields what was reported before a failure, then throws it', async () => {
    const events: number[] = [];
    const work = async (emit: (event: number) => void): Promise<string> => {
      emit(1);
      await sleep(1);
      throw new Error('broken');
    };
    await expect(drain(emitted(work), events)).rejects.toThrow('broken');
    expect(events).toEqual([1]);
  });

  it('ends when nothing was reported', async () => {
    expect(
      await drain(
        emitted<number, number>(() => Promise.resolve(7)),
        [],
      ),
    ).toBe(7);
  });

  it('shows a report while the work goes on', async () => {
    let release = () => {};
    const gate = new Promise<void>((resolve) => (release = resolve));
    const generator = emitted<string, void>(async (emit) => {
      emit('first');
      await gate;
    });
    expect(await generator.next()).toEqual({done: false, value: 'first'});
    release();
    expect((await generator.next()).done).toBe(true);
  });
});
