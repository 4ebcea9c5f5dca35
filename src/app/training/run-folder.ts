import {readFile, stat} from 'node:fs/promises';
import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {planHash, planSchema, type Plan} from '../../recipe/plan.js';
import {writeJsonAtomically} from '../../support/atomic-file.js';
import {exitCodes, UserError} from '../../support/errors.js';

/** Where everything of a run lies. */
export interface RunFolder {
  readonly path: string;
  readonly plan: string;
  readonly environment: string;
  /** There only when the run has run out of memory. */
  readonly backOff: string;
  /** Which uncaptioned images come with which captioned ones; there only when they are matched. */
  readonly partners: string;
  readonly events: string;
  readonly metrics: string;
  readonly checkpoints: string;
  readonly evaluations: string;
  /** What the weights were chosen by; there only when they were. */
  readonly selection: string;
  readonly model: string;
  readonly result: string;
}

/** The files of a run, by what they are. */
export function runFolder(path: string): RunFolder {
  const at = (name: string) => join(path, name);
  return {
    path,
    plan: at('plan.json'),
    environment: at('environment.json'),
    backOff: at('back-off.json'),
    partners: at('partners.json'),
    events: at('events.ndjson'),
    metrics: at('metrics.csv'),
    checkpoints: at('checkpoints'),
    evaluations: at('evaluations'),
    selection: at('selection.json'),
    model: at('model'),
    result: at('result.json'),
  };
}

/** The folder that a plan gets when none is named: the same plan always the same one. */
export function defaultRunPath(plan: Plan): string {
  return join('runs', `${plan.method.name}-${planHash(plan).slice(0, 10)}`);
}

/** Whether a run was begun there. */
export function hasRun(path: string): boolean {
  return existsSync(runFolder(path).plan);
}

/**
 * Puts the plan into a fresh run folder, or checks that the folder's plan is this one when resuming.
 * @throws UserError with exit code `locked` when the folder holds a run and `resume` is not set, or another plan; when
 *   the path, or one above it, is a file
 */
export async function claimRunFolder(path: string, plan: Plan, resume: boolean): Promise<RunFolder> {
  await refuseFile(path);
  const folder = runFolder(path);
  if (!hasRun(path)) {
    await writeJsonAtomically(folder.plan, plan);
    return folder;
  }
  if (!resume) {
    const state = existsSync(folder.result) ? 'a finished run' : 'an unfinished run';
    throw new UserError(`${path}: expected a new run folder, got ${state}`, {
      exit: exitCodes.locked,
      tryThis: existsSync(folder.result)
        ? 'choose another folder with --out, or remove this one'
        : 'go on with it by adding --resume, or choose another folder with --out',
    });
  }
  const previous = await readPlan(path);
  if (planHash(previous) !== planHash(plan)) {
    throw new UserError(
      `${path}: expected the plan of the run that is resumed, got another (${difference(previous, plan)})`,
      {
        exit: exitCodes.locked,
        tryThis: 'use the options of the first start, or choose another folder with --out',
      },
    );
  }
  return folder;
}

async function refuseFile(path: string): Promise<void> {
  try {
    if ((await stat(path)).isDirectory()) return;
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return;
    if (code !== 'ENOTDIR') throw error;
  }
  throw new UserError(`${path}: expected a folder for the run, got a file there`, {
    tryThis: 'choose another folder with --out',
  });
}

/**
 * Reads the plan of a run.
 * @throws UserError when the folder holds none that can be read
 */
export async function readPlan(path: string): Promise<Plan> {
  const file = runFolder(path).plan;
  try {
    return planSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    throw new UserError(`${file}: expected the plan of a run, got none that can be read`, {
      exit: exitCodes.data,
      cause: error,
    });
  }
}

/** The first keys of two plans whose values differ. */
function difference(a: Plan, b: Plan): string {
  const changed = (Object.keys(a) as (keyof Plan)[]).filter(
    (key) => JSON.stringify(a[key]) !== JSON.stringify(b[key]),
  );
  return `different: ${changed.join(', ')}`;
}
