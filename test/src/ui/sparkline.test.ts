import {describe, expect, it} from 'vitest';
import {clockTime, memorySize, percent} from '../../../src/ui/format-number.js';
import {sparkline} from '../../../src/ui/sparkline.js';

describe('sparkline', () => {
  it('spans lowest to highest', () => {
    expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7], 8)).toBe('▁▂▃▄▅▆▇█');
  });

  it('averages into the width it has', () => {
    expect(sparkline([0, 0, 7, 7], 2)).toBe('▁█');
    expect(
      sparkline(
        Array.from({length: 1000}, (_, i) => i),
        24,
      ),
    ).toHaveLength(24);
  });

  it('draws constants, gaps and nothing', () => {
    expect(sparkline([3, 3, 3], 5)).toBe('▁▁▁');
    expect(sparkline([1, Number.NaN, 2], 5)).toBe('▁█');
    expect(sparkline([], 5)).toBe('');
  });
});

describe('numbers on the screen', () => {
  it('are percent, clock times and memory sizes', () => {
    expect([percent(0.2345), clockTime(62.4), clockTime(3725), clockTime(-1)]).toEqual([
      '23.4',
      '1:02',
      '1:02:05',
      '0:00',
    ]);
    expect([memorySize(812 * 2 ** 20), memorySize(5.5 * 2 ** 30)]).toEqual(['812 MiB', '5.5 GiB']);
  });
});
