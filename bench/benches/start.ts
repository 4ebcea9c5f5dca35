import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {existsSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {packageRoot} from '../../src/support/package-root.js';
import {writeUntrainedClip} from '../../test/support/untrained-clip.js';
import {defineBench} from '../bench.js';
import {jsonOption, openOutput} from '../support/bench-output.js';
import {interleaved} from '../support/rounds.js';
import {runOnce, type Program} from '../support/run-once.js';
import {benchData} from '../support/shared-files.js';
import {spread, type Spread} from '../support/spread.js';
import {textTable} from '../support/text-table.js';
import {countOf, textOf} from '../support/values.js';

interface StartFigures {
  readonly command: string;
  readonly milliseconds: Spread;
}

export default defineBench({
  name: 'start',
  summary: 'How long the command line takes to answer, beside an empty Node process.',
  options: {
    rounds: {type: 'string', value: 'N', text: 'runs of every command (default 15)'},
    quick: {type: 'boolean', text: 'two runs'},
    ...jsonOption,
  },
  async run(values) {
    const rounds = countOf(values, 'rounds') ?? (values['quick'] === true ? 2 : 15);
    const output = openOutput('start', textOf(values, 'json'));
    const folder = await mkdtemp(join(tmpdir(), 'fewclip-bench-'));
    try {
      const programs = await startPrograms(folder);
      for (const program of programs) await runOnce(program);
      const runs = await interleaved(programs.length, rounds, (index) => runOnce(programs[index]!));
      const figures = programs.map(({name}, i): StartFigures => {
        return {command: name, milliseconds: spread(runs[i]!.map(({seconds}) => seconds * 1000))};
      });
      output.text(startText(figures, rounds));
      await output.json(figures);
    } finally {
      await rm(folder, {recursive: true, force: true});
    }
  },
});

/** The commands; a dry run resolves a plan and fingerprints model and data, but trains nothing. */
async function startPrograms(folder: string): Promise<Program[]> {
  const model = join(folder, 'model');
  await writeUntrainedClip(model);
  const keywords = join(folder, 'keywords.txt');
  await writeFile(keywords, 'trees\nroad\n');
  const entry = join(packageRoot(), 'bin', 'run.js');
  const fewclip = (name: string, ...args: string[]): Program => ({
    name,
    program: process.execPath,
    args: [entry, ...args],
  });
  const dryRun = ['adapt', '--dry-run', '--model', model, '--keywords', keywords];
  const ucm = benchData('ucm.tar');
  return [
    {name: 'node -e 0', program: process.execPath, args: ['-e', '0']},
    fewclip('--version', '--version'),
    fewclip('--help', '--help'),
    fewclip('adapt --help', 'adapt', '--help'),
    fewclip('adapt --dry-run, domain toy', ...dryRun, '--domain', 'toy'),
    ...(existsSync(ucm)
      ? [fewclip('adapt --dry-run, UCM', ...dryRun, '--captioned', ucm, '--label-ratio', '0.1')]
      : []),
  ];
}

function startText(figures: readonly StartFigures[], rounds: number): string {
  const cell = (milliseconds: number) => milliseconds.toFixed(0);
  const rows = figures.map(({command, milliseconds: {low, median, high}}) => [
    command,
    cell(low),
    cell(median),
    cell(high),
  ]);
  return `Milliseconds of ${rounds} runs\n\n${textTable(['command', 'min', 'median', 'max'], rows)}`;
}
