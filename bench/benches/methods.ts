import {existsSync} from 'node:fs';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {startEngine} from '../../src/engine/backend.js';
import {listMethods, loadMethod} from '../../src/methods/contract/load-method.js';
import {UserError} from '../../src/support/errors.js';
import {knownNames} from '../../src/support/nearest-name.js';
import {writeUntrainedClip} from '../../test/support/untrained-clip.js';
import {defineBench} from '../bench.js';
import {openMethodStep, type MethodStep} from '../methods/method-step.js';
import {jsonOption, openOutput} from '../support/bench-output.js';
import {interleaved} from '../support/rounds.js';
import {benchSmallModel} from '../support/shared-files.js';
import {ratios, spread, spreadText, type Spread} from '../support/spread.js';
import {textTable} from '../support/text-table.js';
import {countOf, listOf, textOf} from '../support/values.js';

/** What all others are held against. */
const baseline = 'clip';

interface MethodFigures {
  readonly method: string;
  readonly millisecondsPerStep: Spread;
  /** Time to that of `clip`, round by round. */
  readonly toClip: Spread;
  /** Arithmetic of a step, and how much of it is more than that of `clip`. */
  readonly gflop: number;
  readonly addedGflop: number;
}

export default defineBench({
  name: 'methods',
  summary: 'A training step of every method beside one of clip, with the arithmetic that each adds.',
  options: {
    methods: {type: 'string', value: 'NAME,NAME', text: 'only these (default: all that take steps)'},
    model: {
      type: 'string',
      value: 'DIR',
      text: 'a CLIP (default: the small trained one beside the clone, else an untrained one)',
    },
    batch: {
      type: 'string',
      value: 'N',
      text: 'captioned images a step, and as many uncaptioned ones (default 32)',
    },
    rounds: {type: 'string', value: 'N', text: 'turns of every method (default 5)'},
    steps: {type: 'string', value: 'N', text: 'steps of a turn (default 3)'},
    quick: {type: 'boolean', text: 'an untrained model, four images, two rounds of one step'},
    ...jsonOption,
  },
  async run(values) {
    const quick = values['quick'] === true;
    const output = openOutput('methods', textOf(values, 'json'));
    const names = await chosenMethods(listOf(values, 'methods'));
    const folder = await mkdtemp(join(tmpdir(), 'fewclip-bench-'));
    const steps: MethodStep[] = [];
    try {
      const model = textOf(values, 'model') ?? (await defaultModel(quick, join(folder, 'model')));
      const batch = countOf(values, 'batch') ?? (quick ? 4 : 32);
      await startEngine('tensorflow');
      for (const name of names) {
        output.progress(`${name}: recording`);
        steps.push(await openMethodStep(name, {model, batch}));
      }
      const rounds = countOf(values, 'rounds') ?? (quick ? 2 : 5);
      const count = countOf(values, 'steps') ?? (quick ? 1 : 3);
      const runs = await interleaved(steps.length, rounds, (index, round) => {
        output.progress(`round ${round + 1} of ${rounds}: ${names[index]!}`);
        return Promise.resolve(steps[index]!.run(count));
      });
      const figures = steps.map((step, i) => figuresOf(step, runs[i]!, {step: steps[0]!, runs: runs[0]!}));
      output.text(figuresText(figures, batch));
      await output.json(figures);
    } finally {
      for (const step of steps) step.dispose();
      await rm(folder, {recursive: true, force: true});
    }
  },
});

/** The methods that take steps, `clip` first. */
async function chosenMethods(asked: readonly string[] | undefined): Promise<string[]> {
  const methods = await Promise.all((await listMethods()).map(loadMethod));
  const known = methods.flatMap(({name, steps}) => (steps === false ? [] : [name]));
  for (const name of asked ?? []) {
    if (known.includes(name)) continue;
    throw new UserError(
      `--methods: expected methods that take steps, got ${name} (${knownNames(name, known)})`,
    );
  }
  return [baseline, ...(asked ?? known).filter((name) => name !== baseline)];
}

async function defaultModel(quick: boolean, folder: string): Promise<string> {
  if (!quick && existsSync(benchSmallModel())) return benchSmallModel();
  await writeUntrainedClip(folder);
  return folder;
}

function figuresOf(
  {method, flops}: MethodStep,
  milliseconds: readonly number[],
  clip: {readonly step: MethodStep; readonly runs: readonly number[]},
): MethodFigures {
  return {
    method,
    millisecondsPerStep: spread(milliseconds),
    toClip: spread(ratios(milliseconds, clip.runs)),
    gflop: flops / 1e9,
    addedGflop: (flops - clip.step.flops) / 1e9,
  };
}

function figuresText(figures: readonly MethodFigures[], batch: number): string {
  const rows = figures.map(({method, millisecondsPerStep, toClip, gflop, addedGflop}) => [
    method,
    spreadText(millisecondsPerStep, 0),
    spreadText(toClip, 2),
    gflop.toPrecision(4),
    `${addedGflop < 0 ? '' : '+'}${addedGflop.toPrecision(3)}`,
  ]);
  const header = ['method', 'ms a step', 'to clip', 'GFLOP a step', 'more than clip'];
  return `Steps of ${batch} captioned images, and as many uncaptioned ones where a method reads them\n\n${textTable(header, rows)}`;
}
