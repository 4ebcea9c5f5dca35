import {existsSync, mkdirSync} from 'node:fs';
import {join} from 'node:path';
import {beforeAll, describe, expect, it} from 'vitest';
import type {RunEvent} from '../../../src/app/events.js';
import type {TrainerHost} from '../../../src/app/trainer-host.js';
import {startTrainerWithBackOff} from '../../../src/app/trainer-with-back-off.js';
import {readBackOff} from '../../../src/app/training/back-off.js';
import type {Plan} from '../../../src/recipe/plan.js';
import {exitCodes, UserError} from '../../../src/support/errors.js';
import {temporaryFolder} from '../../support/temporary-folder.js';
import {writeUntrainedClip} from '../../support/untrained-clip.js';

const root = temporaryFolder();
let plan: Plan;
beforeAll(async () => {
  const folder = await writeUntrainedClip(join(root, 'clip'));
  plan = {model: {folder}, train: {batch: 32, unpairedBatch: 32, microBatch: null}} as unknown as Plan;
});

const outOfMemory = new UserError('trainer: expected it to finish, got SIGKILL', {
  exit: exitCodes.outOfMemory,
});
const notice = (message: string): RunEvent => ({type: 'notice', message});

/** Trainers that end as told, one after another; each first tells its number. */
function played(...ends: (Error | undefined)[]) {
  const stopped: string[] = [];
  let started = 0;
  const start = (): TrainerHost => {
    const number = started++;
    async function* events(): AsyncGenerator<RunEvent> {
      yield await Promise.resolve(notice(`trainer ${number}`));
      const end = ends[number];
      if (end) throw end;
    }
    return {events: events(), stop: (signal) => stopped.push(`${number} ${signal}`), kill: () => {}};
  };
  return {start, stopped, started: () => started};
}

function freshFolder(name: string): string {
  const folder = join(root, name);
  mkdirSync(folder);
  return folder;
}

async function messages(host: TrainerHost): Promise<string[]> {
  const all: string[] = [];
  for await (const event of host.events) all.push((event as {message: string}).message);
  return all;
}

describe('startTrainerWithBackOff', () => {
  it('goes on with a quarter of the rows when memory runs out, and keeps that', async () => {
    const folder = freshFolder('twice');
    const {start} = played(outOfMemory, outOfMemory, undefined);
    const said = await messages(startTrainerWithBackOff(folder, plan, start));
    expect(said).toEqual(['trainer 0', 'trainer 1', 'trainer 2']);
    expect(await readBackOff(join(folder, 'back-off.json'))).toEqual({microBatch: 2, count: 2});
  });

  it('gives up after three times', async () => {
    const {start, started} = played(outOfMemory, outOfMemory, outOfMemory, outOfMemory, undefined);
    await expect(messages(startTrainerWithBackOff(freshFolder('often'), plan, start))).rejects.toBe(
      outOfMemory,
    );
    expect(started()).toBe(4);
  });

  it('passes any other failure on', async () => {
    const folder = freshFolder('other');
    const other = new UserError('step 3: expected a finite loss', {exit: exitCodes.numerical});
    const {start, started} = played(other);
    await expect(messages(startTrainerWithBackOff(folder, plan, start))).rejects.toBe(other);
    expect(started()).toBe(1);
    expect(existsSync(join(folder, 'back-off.json'))).toBe(false);
  });

  it('does not start again when it was asked to stop, and asks the trainer that runs', async () => {
    const {start, stopped, started} = played(outOfMemory, undefined);
    const host = startTrainerWithBackOff(freshFolder('stopped'), plan, start);
    host.stop('SIGTERM');
    await expect(messages(host)).rejects.toBe(outOfMemory);
    expect(stopped).toEqual(['0 SIGTERM']);
    expect(started()).toBe(1);
  });
});
