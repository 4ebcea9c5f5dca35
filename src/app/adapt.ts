import {resolve} from 'node:path';
import {smokePlan, type Plan} from '../recipe/plan.js';
import type {Request} from '../recipe/request.js';
import type {RunEvent} from './events.js';
import {makePlan} from './make-plan.js';
import type {TrainerHost} from './trainer-host.js';
import {startTrainerWithBackOff} from './trainer-with-back-off.js';
import {claimRunFolder, defaultRunPath, hasRun} from './training/run-folder.js';

export interface AdaptOptions {
  /** The run folder; default: one named by the plan. */
  readonly out?: string;
  readonly resume?: boolean;
  /** Walk the whole way with two tiny steps. */
  readonly smoke?: boolean;
  readonly onNotice: (message: string) => void;
}

/** A plan and where it would run. */
export interface PreparedRun {
  readonly plan: Plan;
  readonly path: string;
}

/** Resolves everything and writes nothing: what `--dry-run` shows. */
export async function prepareRun(request: Request, options: AdaptOptions): Promise<PreparedRun> {
  const full = await makePlan(request, (message) => options.onNotice(message));
  const plan = options.smoke ? smokePlan(full) : full;
  return {plan, path: options.out ?? defaultRunPath(plan)};
}

/** A run that has begun. */
export interface StartedRun extends Omit<TrainerHost, 'events'> {
  readonly events: AsyncIterable<RunEvent>;
  readonly path: string;
}

/**
 * Claims the run folder and starts the trainer.
 * @throws UserError when the folder is taken, or `resume` finds no run
 */
export async function startRun({plan, path}: PreparedRun, options: AdaptOptions): Promise<StartedRun> {
  const absolute = resolve(path);
  if (options.resume && !hasRun(absolute)) {
    options.onNotice(`${path}: no run to resume there, starting it`);
  }
  await claimRunFolder(absolute, plan, options.resume ?? false);
  return {...startTrainerWithBackOff(absolute, plan), path};
}
