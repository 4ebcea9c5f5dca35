import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {exitCodes, UserError} from '../support/errors.js';
import {packageRoot} from '../support/package-root.js';
import {prepareRun, startRun, type StartedRun} from './adapt.js';
import {requestFrom} from './request-from.js';
import {hasRun} from './training/run-folder.js';

/** Steps of the quick try. */
const fastSteps = 20;

/**
 * Starts the run that shows the tool: S-CLIP on real aerial photographs with a small CLIP.
 * @throws UserError when the data of the recipe is not beside the clone
 */
export async function startTry(
  out: string | undefined,
  {fast, onNotice}: {readonly fast: boolean; readonly onNotice: (message: string) => void},
): Promise<StartedRun> {
  const recipe = join(packageRoot(), 'recipes', 'ucm-small.yaml');
  const request = await requestFrom(recipe, fast ? {steps: fastSteps} : {});
  for (const path of [request.model, request.captioned!]) {
    if (existsSync(path)) continue;
    throw new UserError(`try: expected the small checkpoint and UCM beside the clone, got no ${path}`, {
      exit: exitCodes.data,
      tryThis: 'fewclip adapt --help, with images and a model of your own',
    });
  }
  const options = {out: out ?? freeRunPath('runs/try'), onNotice};
  return startRun(await prepareRun(request, options), options);
}

/** `base`, or the first of `base-2`, `base-3`, ... that holds no run. */
export function freeRunPath(base: string): string {
  let path = base;
  for (let n = 2; hasRun(path); n++) path = `${base}-${n}`;
  return path;
}
