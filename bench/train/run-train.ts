import {mkdtemp, rm, symlink} from 'node:fs/promises';
import {availableParallelism, tmpdir} from 'node:os';
import {join} from 'node:path';
import {parameterShapes} from '../../src/model/parameter-shapes.js';
import {peerPython} from '../support/peer-python.js';
import {chosenContenders, heatOf, type Device, type Precision, type TrainContender} from './contenders.js';
import {runHeat} from './heat.js';
import {benchModel} from './models.js';
import {writeProblem, writeRandomModel, type TrainCase} from './problem.js';
import {figuresOf, type TrainFigures} from './report.js';

export interface TrainBenchOptions {
  readonly cases: readonly TrainCase[];
  readonly precisions: readonly Precision[];
  readonly rounds: number;
  readonly steps: number | undefined;
  readonly device: Device;
  /** Names of contenders; undefined: all. */
  readonly contenders: readonly string[] | undefined;
  readonly canCompile: boolean;
  /** An interpreter with the peer; undefined: the environment in the user cache. */
  readonly python: string | undefined;
  readonly onProgress: (message: string) => void;
}

/** Runs every case in every precision, one heat after the other; yields the figures of each. */
export async function* runTrainBench(options: TrainBenchOptions): AsyncGenerator<TrainFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'fewclip-bench-'));
  try {
    const models = [...new Set(options.cases.map(({model}) => model))];
    for (const model of models) {
      yield* runModel(model, join(folder, model), options);
      await rm(join(folder, model), {recursive: true});
    }
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
}

async function* runModel(
  model: string,
  folder: string,
  options: TrainBenchOptions,
): AsyncGenerator<TrainFigures> {
  const {config} = benchModel(model);
  const shapes = parameterShapes(config);
  options.onProgress(`${model}: random weights`);
  await writeRandomModel(config, join(folder, 'model'));
  for (const one of options.cases.filter((each) => each.model === model)) {
    const label = `${model} ${one.method} ${one.batch}`;
    const problem = join(folder, `${one.method}-${one.batch}`);
    const texts = await writeProblem(problem, one, config, shapes);
    await symlink(join(folder, 'model'), join(problem, 'model'));
    for (const precision of options.precisions) {
      const heat = heatContenders(precision, config.vision.kind === 'resnet', options);
      if (heat.length === 0) continue;
      const trained = await runHeat(heat, {
        problem,
        place: placeFor(heat, options),
        rounds: options.rounds,
        steps: options.steps,
        onProgress: (message) => options.onProgress(`${label} ${precision}: ${message}`),
      });
      yield figuresOf({...one, precision, device: options.device, config, texts}, trained);
    }
    await rm(problem, {recursive: true});
  }
}

function heatContenders(
  precision: Precision,
  isResNet: boolean,
  {contenders, canCompile}: TrainBenchOptions,
): TrainContender[] {
  const chosen = chosenContenders(heatOf(precision, {isResNet, canCompile}), contenders);
  // the reference alone is no comparison
  return chosen.some((one) => one.precision === precision) ? chosen : [];
}

function placeFor(heat: readonly TrainContender[], {device, python}: TrainBenchOptions) {
  const threads = availableParallelism();
  if (heat.every(({side}) => side === 'ours')) return {device, threads, python: undefined};
  return {device, threads, python: peerPython(python)};
}
