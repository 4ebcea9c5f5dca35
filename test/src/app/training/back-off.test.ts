import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {nextBackOff, readBackOff, writeBackOff, type BackOff} from '../../../../src/app/training/back-off.js';
import type {Plan} from '../../../../src/recipe/plan.js';
import {temporaryFolder} from '../../../support/temporary-folder.js';

const root = temporaryFolder();
const plan = (batch: number, unpairedBatch: number, microBatch: number | null = null) =>
  ({train: {batch, unpairedBatch, microBatch}}) as Plan;

describe('nextBackOff', () => {
  it('takes a quarter of the rows each time, three times', () => {
    const tried: (BackOff | undefined)[] = [];
    let last: BackOff | undefined;
    for (let i = 0; i < 4; i++) {
      last = nextBackOff(plan(100, 256), false, last);
      tried.push(last);
    }
    expect(tried).toEqual([
      {microBatch: 64, count: 1},
      {microBatch: 16, count: 2},
      {microBatch: 4, count: 3},
      undefined,
    ]);
  });

  it('starts from the micro-batch that was planned, and ends at one row', () => {
    expect(nextBackOff(plan(64, 64, 5), false, undefined)).toEqual({microBatch: 2, count: 1});
    expect(nextBackOff(plan(64, 64, 1), false, undefined)).toBeUndefined();
  });

  it('has nothing to offer to a ResNet', () => {
    expect(nextBackOff(plan(64, 64), true, undefined)).toBeUndefined();
  });
});

describe('what is kept', () => {
  it('is read as it was written; nothing when there is none', async () => {
    const file = join(root, 'back-off.json');
    expect(await readBackOff(file)).toBeUndefined();
    await writeBackOff(file, {microBatch: 16, count: 2});
    expect(await readBackOff(file)).toEqual({microBatch: 16, count: 2});
  });

  it.each(['', '{"microBatch": 0, "count": 1}', '[]'])('is refused as %j', async (text) => {
    const file = join(root, 'broken.json');
    writeFileSync(file, text);
    await expect(readBackOff(file)).rejects.toThrow(
      `${file}: expected what a run does after running out of memory, got another content`,
    );
  });
});
