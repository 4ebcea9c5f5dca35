import {rm} from 'node:fs/promises';
import {join} from 'node:path';
import {interleaved} from '../support/rounds.js';
import {runOnce, type Program, type Run} from '../support/run-once.js';
import {ratios, spread, spreadText, type Spread} from '../support/spread.js';
import {textTable} from '../support/text-table.js';
import {oursProgram, peerProgram, type AdaptJob} from './job.js';

/** Worker processes of PyTorch's DataLoader that are tried; the fastest of them counts. */
const workerCounts = [0, 2];

export interface AdaptOptions {
  readonly title: string;
  readonly job: AdaptJob;
  /** An empty folder for what the runs write. */
  readonly folder: string;
  readonly python: string;
  readonly rounds: number;
  readonly onProgress: (message: string) => void;
}

export interface AdaptFigures extends Omit<AdaptJob, 'model'> {
  readonly title: string;
  readonly contenders: readonly {
    readonly name: string;
    readonly seconds: Spread;
    readonly firstStepSeconds: Spread;
  }[];
  /** Seconds of the fastest PyTorch to ours, round by round: above 1 we are faster. */
  readonly toBestPeer: Spread;
}

/** Lets whole adaptations take turns, ours and PyTorch's. */
export async function runAdapt(options: AdaptOptions): Promise<AdaptFigures> {
  const {title, job, rounds, onProgress} = options;
  const {steps, batch, precision} = job;
  const names: string[] = [];
  const runs = await interleaved(1 + workerCounts.length, rounds, async (index, round) => {
    const out = join(options.folder, `${index}-${round}`);
    const program = await programAt(index, out, options);
    names[index] = program.name;
    onProgress(`round ${round + 1} of ${rounds}: ${program.name}`);
    const run = await runOnce(program, isStep);
    await rm(out, {recursive: true});
    return run;
  });
  const seconds = runs.map((of) => of.map((run) => run.seconds));
  const [ours, ...peers] = seconds;
  const fastest = peers[0]!.map((_, round) => Math.min(...peers.map((peer) => peer[round]!)));
  return {
    ...{title, steps, batch, precision},
    contenders: runs.map((of, i) => ({
      name: names[i]!,
      seconds: spread(seconds[i]!),
      firstStepSeconds: spread(of.map(firstStep)),
    })),
    toBestPeer: spread(ratios(fastest, ours!)),
  };
}

function programAt(index: number, out: string, {job, python}: AdaptOptions): Program | Promise<Program> {
  return index === 0
    ? oursProgram(job, out)
    : peerProgram(job, out, {python, workers: workerCounts[index - 1]!});
}

/** Both sides print their steps as JSON lines. */
function isStep(line: string): boolean {
  return line.startsWith('{') && (JSON.parse(line) as {readonly type?: string}).type === 'step';
}

function firstStep({seconds, markSeconds}: Run): number {
  return markSeconds ?? seconds;
}

/** The figures for a terminal. */
export function adaptText({title, steps, batch, precision, contenders, toBestPeer}: AdaptFigures): string {
  const rows = contenders.map(({name, seconds, firstStepSeconds}) => [
    name,
    spreadText(seconds, 1),
    spreadText(firstStepSeconds, 1),
  ]);
  return (
    `${title}: ${steps} steps of ${batch} + ${batch} images, ${precision}\n\n` +
    `${textTable(['contender', 'seconds', 'to first step'], rows)}\n` +
    `seconds of the fastest PyTorch to ours: ${spreadText(toBestPeer, 2)}\n`
  );
}
