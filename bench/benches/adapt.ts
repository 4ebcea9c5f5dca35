import {existsSync} from 'node:fs';
import {mkdir, mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {exitCodes, UserError} from '../../src/support/errors.js';
import {adaptText, runAdapt, type AdaptFigures, type AdaptOptions} from '../adapt/run-adapt.js';
import {defineBench} from '../bench.js';
import {jsonOption, openOutput} from '../support/bench-output.js';
import {writeModelFolder} from '../support/model-folders.js';
import {mergeTableOf, peerPython, pythonOption} from '../support/peer-python.js';
import {benchData, benchSmallModel} from '../support/shared-files.js';
import {choiceOf, countOf, textOf} from '../support/values.js';

/** The whole job with the small model, of as many steps as are asked for, and the way to the first step of a large one. */
const jobs = [
  {model: 'tiny-clip-rs', title: 'tiny-clip-rs on UCM, 10 % captioned', batch: 64, steps: undefined},
  {model: 'ViT-B-32', title: 'ViT-B-32 on UCM, to the first step', batch: 16, steps: 1},
];

export default defineBench({
  name: 'adapt',
  summary: 'The whole of fewclip adapt on UCM by the clock, beside the same job in PyTorch.',
  options: {
    steps: {type: 'string', value: 'N', text: 'steps with the small model (default 100)'},
    precision: {type: 'string', value: 'NAME', text: 'fp32 or bf16 (default fp32)'},
    rounds: {type: 'string', value: 'N', text: 'turns of every contender (default 3)'},
    ...pythonOption,
    quick: {type: 'boolean', text: 'the small model only, 2 steps, one round'},
    ...jsonOption,
  },
  async run(values) {
    requireSharedFiles();
    const isQuick = values['quick'] === true;
    const rounds = countOf(values, 'rounds') ?? (isQuick ? 1 : 3);
    const precision = choiceOf(values, 'precision', ['fp32', 'bf16']) ?? 'fp32';
    const output = openOutput('adapt', textOf(values, 'json'));
    const python = peerPython(textOf(values, 'python'));
    const folder = await mkdtemp(join(tmpdir(), 'fewclip-bench-'));
    try {
      const figures: AdaptFigures[] = [];
      for (const {model, title, batch, steps} of isQuick ? jobs.slice(0, 1) : jobs) {
        const place = join(folder, model);
        await mkdir(place);
        await writeModelFolder(model, join(place, 'model'), mergeTableOf(python));
        const options: AdaptOptions = {
          title,
          job: {
            model: join(place, 'model'),
            steps: steps ?? countOf(values, 'steps') ?? (isQuick ? 2 : 100),
            batch,
            precision,
          },
          folder: place,
          python,
          rounds,
          onProgress: (message) => output.progress(`${model}: ${message}`),
        };
        figures.push(await runAdapt(options));
        output.text(adaptText(figures.at(-1)!));
        await output.json(figures);
      }
    } finally {
      await rm(folder, {recursive: true, force: true});
    }
  },
});

function requireSharedFiles(): void {
  for (const path of [benchData('ucm.tar'), benchSmallModel()]) {
    if (existsSync(path)) continue;
    throw new UserError(`adapt: expected UCM and the small checkpoint beside the clone, got no ${path}`, {
      exit: exitCodes.data,
    });
  }
}
