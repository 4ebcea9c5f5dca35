import {usualShare} from '../eval/selection/choose-mixture.js';
import {trainsWeight, takesSteps, type Part} from '../methods/contract/parts.js';
import type {ClipConfig} from '../model/clip-config.js';
import {parameterShapes} from '../model/parameter-shapes.js';
import {towerOf} from '../model/tower-weights.js';
import type {Plan} from '../recipe/plan.js';
import type {Request} from '../recipe/request.js';
import {mixtureText} from './mixture-text.js';
import type {TrainingData} from './training/training-data.js';

/**
 * The share of the captioned images to keep back for choosing weights; undefined: nothing is to be chosen, because the last
 * weights are asked for, a method decides what becomes of them, or no weight of the towers trains.
 */
export function heldOutShare(
  request: Pick<Request, 'select' | 'heldOutShare' | 'frozen'>,
  parts: readonly Part[],
  config: ClipConfig,
): number | undefined {
  const isDecided = request.select === 'last' || parts.some(({method}) => 'finish' in method);
  const trains = (name: string) => towerOf(name) !== request.frozen && trainsWeight(parts, name);
  if (isDecided || !takesSteps(parts) || !Object.keys(parameterShapes(config)).some(trains)) return undefined;
  return request.heldOutShare;
}

const usualWay = mixtureText(usualShare);

/** Which weights the run leaves. With too few captioned images to choose by it is a usual mixture of before and after. */
export function plannedSelection(
  share: number | undefined,
  {captioned, held}: Pick<TrainingData, 'captioned' | 'held'>,
  onNotice: (message: string) => void,
): Plan['selection'] {
  if (share === undefined) return {rule: 'last'};
  if (held.length > 0) return {rule: 'held-out', share, pairs: held.length};
  onNotice(
    `select: ${usualWay} instead of a mixture chosen by captions, because ${captioned.length} captioned images are too few to keep some back`,
  );
  return {rule: 'usual'};
}
