import {readClipConfig} from '../model/checkpoint.js';
import type {Plan} from '../recipe/plan.js';
import {exitCodes, UserError} from '../support/errors.js';
import type {RunEvent} from './events.js';
import {startTrainer, type TrainerHost} from './trainer-host.js';
import {nextBackOff, readBackOff, writeBackOff} from './training/back-off.js';
import {runFolder} from './training/run-folder.js';

/**
 * Starts a trainer that is started again from its last checkpoint, with smaller micro-batches, when it runs out of
 * memory: the number of pairs in a step, and with it the objective, stays. What was chosen is kept in the run folder.
 * @param start starts one trainer on a run folder
 */
export function startTrainerWithBackOff(
  folder: string,
  plan: Plan,
  start: (folder: string) => TrainerHost = startTrainer,
): TrainerHost {
  let host = start(folder);
  let isEnding = false;
  async function* events(): AsyncGenerator<RunEvent> {
    for (;;) {
      try {
        yield* host.events;
        return;
      } catch (error) {
        if (isEnding || !isOutOfMemory(error) || !(await backOff(folder, plan))) throw error;
        host = start(folder);
      }
    }
  }
  return {
    events: events(),
    stop(signal) {
      isEnding = true;
      host.stop(signal);
    },
    kill() {
      isEnding = true;
      host.kill();
    },
  };
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof UserError && error.exit === exitCodes.outOfMemory;
}

/** Notes what the next trainer does; false when there is nothing left to try. */
async function backOff(folder: string, plan: Plan): Promise<boolean> {
  const file = runFolder(folder).backOff;
  const {vision} = await readClipConfig(plan.model.folder);
  const next = nextBackOff(plan, vision.kind === 'resnet', await readBackOff(file));
  if (next === undefined) return false;
  await writeBackOff(file, next);
  return true;
}
