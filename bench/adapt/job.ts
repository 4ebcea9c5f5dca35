import {availableParallelism} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {adamConstants} from '../../src/app/training/adam-constants.js';
import {loadDomain} from '../../src/data/load-domain.js';
import {isDecayed} from '../../src/engine/weight-decay.js';
import {readClipConfig} from '../../src/model/checkpoint.js';
import {parameterShapes} from '../../src/model/parameter-shapes.js';
import {writeJsonAtomically} from '../../src/support/atomic-file.js';
import {packageRoot} from '../../src/support/package-root.js';
import {benchData} from '../support/shared-files.js';
import type {Program} from '../support/run-once.js';
import type {Precision} from '../train/contenders.js';

/** A whole adaptation. */
export interface AdaptJob {
  /** Folder in open_clip's layout, with a tokenizer. */
  readonly model: string;
  readonly steps: number;
  readonly batch: number;
  readonly precision: Precision;
}

/** What both sides are told beside the job; recipes/ucm-small.yaml has the same. */
const settings = {
  split: 'train',
  labelRatio: 0.1,
  learningRate: 2e-5,
  warmupSteps: 10,
  weightDecay: 0.2,
  checkpointEvery: 50,
  seed: 0,
} as const;

/** `fewclip adapt`, as a user starts it. */
export function oursProgram({model, steps, batch, precision}: AdaptJob, out: string): Program {
  const flags = {
    model,
    captioned: benchData('ucm.tar'),
    split: settings.split,
    'label-ratio': settings.labelRatio,
    domain: 'remote-sensing',
    // the peer looks for them as published
    'keyword-matching': 'exact',
    method: 's-clip',
    // the peer leaves what it trained
    select: 'last',
    steps,
    batch,
    lr: settings.learningRate,
    warmup: settings.warmupSteps,
    'weight-decay': settings.weightDecay,
    'checkpoint-every': settings.checkpointEvery,
    seed: settings.seed,
    precision,
    format: 'json',
    out,
  };
  const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]);
  return {
    name: 'ours',
    program: process.execPath,
    args: [join(packageRoot(), 'bin', 'run.js'), 'adapt', ...args],
  };
}

/** The same job in PyTorch; its description is written beside the folder it writes to. */
export async function peerProgram(
  {model, steps, batch, precision}: AdaptJob,
  out: string,
  {python, workers}: {readonly python: string; readonly workers: number},
): Promise<Program> {
  const threads = availableParallelism();
  const {keywords} = await loadDomain('remote-sensing');
  const config = await readClipConfig(model);
  const shapes = parameterShapes(config);
  const job = {
    ...settings,
    warmupSteps: Math.min(settings.warmupSteps, steps),
    model,
    data: benchData('ucm.tar'),
    keywords,
    steps,
    batch,
    precision,
    workers,
    threads,
    out,
    ...adamConstants(config),
    decayed: Object.keys(shapes).filter((name) => isDecayed(name, shapes[name]!.length)),
  };
  const file = `${out}.json`;
  await writeJsonAtomically(file, job);
  const script = fileURLToPath(new URL('../peer/adapt.py', import.meta.url));
  return {
    name: `torch, ${workers} workers`,
    program: python,
    args: [script, file],
    env: {OMP_NUM_THREADS: String(threads)},
  };
}
