import {existsSync} from 'node:fs';
import {resolve} from 'node:path';
import {exitCodes, UserError} from '../../src/support/errors.js';
import {makePythonEnvironment} from '../../test/support/python-environment.js';
import {defineBench, type BenchValues} from '../bench.js';
import {prepareFolder, preparedPlaces} from '../gpu/prepare.js';
import {openOutput} from '../support/bench-output.js';
import {choiceOf, textOf} from '../support/values.js';
import train, {reportTraining, trainOptions} from './train.js';

/** What the goals for a GPU are stated for. */
const defaults = {model: 'ViT-B-32', batch: '64,256'};

const {model, method, batch, precision, contenders, rounds, steps, python, json, quick} = train.options;

export default defineBench({
  name: 'gpu',
  summary: 'Training steps on a GPU, beside PyTorch, on a machine that may have no network.',
  options: {
    prepare: {type: 'string', value: 'DIR', text: 'gather there what --from needs, and measure nothing'},
    from: {
      type: 'string',
      value: 'DIR',
      text: 'run from a prepared folder; figures go to DIR/bench-gpu.json',
    },
    device: {type: 'string', value: 'NAME', text: 'cuda or cpu (default cuda)'},
    'no-peer': {type: 'boolean', text: 'with --prepare: fetch no PyTorch, the machine has it (--python)'},
    ...{model, method, batch, precision, contenders, rounds, steps, python, quick, json},
    'no-compile': train.options['no-compile'],
  },
  async run(values) {
    const device = choiceOf(values, 'device', ['cuda', 'cpu']) ?? 'cuda';
    const target = textOf(values, 'prepare');
    if (target !== undefined) {
      await prepareFolder(resolve(target), {
        engine: device,
        peer: values['no-peer'] !== true,
        onProgress: (message) => process.stderr.write(`${message}\n`),
      });
      process.stdout.write(`${target} is ready: node ${target}/app/bench/run.js gpu --from ${target}\n`);
      return;
    }
    const options = trainOptions({...(values['quick'] !== true && defaults), ...values, device});
    const prepared = preparedIn(values);
    const output = openOutput('gpu', textOf(values, 'json') ?? prepared?.result);
    const hasPeer = options.contenders?.every((name) => name.startsWith('ours')) !== true;
    const interpreter = options.python ?? (prepared && hasPeer ? peerFrom(prepared) : undefined);
    await reportTraining({...options, python: interpreter}, output);
  },
});

function preparedIn(values: BenchValues): ReturnType<typeof preparedPlaces> | undefined {
  const folder = textOf(values, 'from');
  if (folder === undefined) return undefined;
  const places = preparedPlaces(resolve(folder));
  if (existsSync(places.app)) return places;
  throw new UserError(`--from: expected a prepared folder, got ${folder}`, {
    exit: exitCodes.data,
    tryThis: `npm run bench -- gpu --prepare ${folder}`,
  });
}

/** The environment of the peer, made from the wheels that were brought along; none when they were left out. */
function peerFrom({venv, wheels}: ReturnType<typeof preparedPlaces>): string {
  if (existsSync(wheels)) return makePythonEnvironment({folder: venv, wheels});
  throw new UserError('--from: expected the wheels of PyTorch in the folder, or --python, got neither', {
    tryThis: '--python python3, if that has torch and open_clip; or --contenders ours,ours-bf16',
  });
}
