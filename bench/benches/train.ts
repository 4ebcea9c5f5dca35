import {defineBench, type BenchValues} from '../bench.js';
import {jsonOption, openOutput, type BenchOutput} from '../support/bench-output.js';
import {pythonOption} from '../support/peer-python.js';
import {choiceOf, countFrom, countOf, listOf, textOf} from '../support/values.js';
import {checkContenderNames, type Precision} from '../train/contenders.js';
import {benchModel, benchModelNames} from '../train/models.js';
import {benchMethods, type TrainCase} from '../train/problem.js';
import {figuresText, type TrainFigures} from '../train/report.js';
import {runTrainBench, type TrainBenchOptions} from '../train/run-train.js';

/** With --quick: seconds for each contender, to see that everything works. */
const quick = {models: ['tiny'], batch: '4', rounds: 2, steps: 1};

export default defineBench({
  name: 'train',
  summary: 'Training steps a second of S-CLIP and CLIP, beside PyTorch.',
  options: {
    model: {type: 'string', value: 'NAME,NAME', text: `of ${benchModelNames.join(', ')} (default: all)`},
    method: {type: 'string', value: 'NAME', text: `${benchMethods.join(' or ')} (default: both)`},
    batch: {type: 'string', value: 'N,N', text: 'pairs a step (default: by the model)'},
    precision: {type: 'string', value: 'NAME', text: 'fp32 or bf16 (default: both)'},
    contenders: {type: 'string', value: 'NAME,NAME', text: 'only these, for example torch,ours'},
    rounds: {type: 'string', value: 'N', text: 'turns of every contender (default 5)'},
    steps: {type: 'string', value: 'N', text: 'steps of a turn (default: about three seconds of them)'},
    device: {type: 'string', value: 'NAME', text: 'where PyTorch computes: cpu or cuda (default cpu)'},
    ...pythonOption,
    'no-compile': {type: 'boolean', text: 'leave out torch.compile, which compiles for a minute'},
    quick: {
      type: 'boolean',
      text: 'a tiny model, two rounds, no torch.compile: seconds; figures mean little',
    },
    ...jsonOption,
  },
  async run(values) {
    const options = trainOptions(values);
    await reportTraining(options, openOutput('train', textOf(values, 'json')));
  },
});

/** Runs the training bench and shows its figures. */
export async function reportTraining(
  options: Omit<TrainBenchOptions, 'onProgress'>,
  output: BenchOutput,
): Promise<void> {
  const figures: TrainFigures[] = [];
  for await (const heat of runTrainBench({...options, onProgress: (message) => output.progress(message)})) {
    output.text(figuresText(heat));
    figures.push(heat);
    // after each heat, so that a long run that is cut off keeps what it has
    await output.json(figures);
  }
}

/** What `bench train` was asked to do. */
export function trainOptions(values: BenchValues): Omit<TrainBenchOptions, 'onProgress'> {
  const isQuick = values['quick'] === true;
  const contenders = listOf(values, 'contenders');
  if (contenders) checkContenderNames(contenders);
  const precision = choiceOf(values, 'precision', ['fp32', 'bf16']);
  return {
    cases: trainCases(values, isQuick),
    precisions: precision === undefined ? (['fp32', 'bf16'] satisfies Precision[]) : [precision],
    rounds: countOf(values, 'rounds') ?? (isQuick ? quick.rounds : 5),
    steps: countOf(values, 'steps') ?? (isQuick ? quick.steps : undefined),
    device: choiceOf(values, 'device', ['cpu', 'cuda']) ?? 'cpu',
    contenders,
    canCompile: !isQuick && values['no-compile'] !== true,
    python: textOf(values, 'python'),
  };
}

function trainCases(values: BenchValues, isQuick: boolean): TrainCase[] {
  const models = listOf(values, 'model') ?? (isQuick ? quick.models : benchModelNames);
  const method = choiceOf(values, 'method', benchMethods);
  const batches = (listOf(values, 'batch') ?? (isQuick ? [quick.batch] : undefined))?.map((text) =>
    countFrom(text, 'batch'),
  );
  return models.flatMap((model) =>
    (method === undefined ? benchMethods : [method]).flatMap((one) =>
      (batches ?? benchModel(model).batches).map((batch) => ({model, method: one, batch})),
    ),
  );
}
