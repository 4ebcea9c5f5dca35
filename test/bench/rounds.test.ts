import {describe, expect, it} from 'vitest';
import {interleaved} from '../../bench/support/rounds.js';

describe('interleaved', () => {
  it('gives every contender one turn a round, never two at a time, beginning with the next one', async () => {
    const turns: string[] = [];
    let running = 0;
    const answers = await interleaved(3, 2, async (contender, round) => {
      running++;
      expect(running).toBe(1);
      await Promise.resolve();
      turns.push(`${round}${contender}`);
      running--;
      return 10 * contender + round;
    });
    expect(turns).toEqual(['00', '01', '02', '11', '12', '10']);
    expect(answers).toEqual([
      [0, 1],
      [10, 11],
      [20, 21],
    ]);
  });
});
