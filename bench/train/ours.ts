import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import {compileParts} from '../../src/app/training/compile-parts.js';
import {startEngine} from '../../src/engine/backend.js';
import type {CompiledStep, HostArray, HostArrays} from '../../src/engine/step.js';
import {loadMethod} from '../../src/methods/contract/load-method.js';
import {partOf} from '../../src/methods/contract/parts.js';
import {loadClip} from '../../src/model/checkpoint.js';
import {openSafetensors} from '../../src/model/safetensors.js';
import {longestText, trimTokens} from '../../src/model/trim-tokens.js';
import {serve} from '../support/serve.js';
import type {StepRecord} from './agreement.js';
import type {Device, Precision} from './contenders.js';
import type {Problem} from './problem.js';

interface Options {
  readonly device: Device;
  readonly precision: Precision;
  readonly trimmed: boolean;
}

/** A contender of `bench train`: our step, compiled as `adapt` compiles it, run when asked to. */
async function main(folder: string, {device, precision, trimmed}: Options): Promise<void> {
  const engine = await startEngine('tensorflow');
  if (device === 'cuda' && !engine.gpu)
    throw new Error('expected TensorFlow to compute on the GPU, got the processor');
  const problem = JSON.parse(await readFile(join(folder, 'problem.json'), 'utf8')) as Problem;
  const batches = await readBatches(join(folder, 'batches.safetensors'), trimmed);
  const compiled = await compileProblem(problem, join(folder, 'model'), precision);
  const {learningRate} = problem.training;
  let done = 0;
  const steps = ({count}: Readonly<Record<string, unknown>>) => {
    const numbers: StepRecord[] = [];
    const start = performance.now();
    for (let i = 0; i < Number(count); i++) {
      numbers.push(compiled.run(batches[done % batches.length]!, {learningRate, step: done + 1}));
      done++;
    }
    return {seconds: (performance.now() - start) / 1000, numbers};
  };
  const versions = {tensorflow: engine.version, gpu: engine.gpu ? 'yes' : 'no'};
  await serve({versions}, {steps, matmul: ({size}) => ({gflops: matmulRate(Number(size))})});
}

/** As a run compiles it. */
async function compileProblem(
  {method: name, training}: Problem,
  folder: string,
  precision: Precision,
): Promise<CompiledStep> {
  const updates = {...training, frozen: 'none', microBatch: null, seed: 0} as const;
  return compileParts([partOf(await loadMethod(name))], await loadClip(folder), updates, {precision});
}

/** The batches of a problem, each with what all of them share. */
async function readBatches(path: string, trimmed: boolean): Promise<HostArrays[]> {
  const file = await openSafetensors(path);
  const shared: Record<string, HostArray> = {};
  const own: Record<string, HostArray>[] = [];
  for (const name of file.names()) {
    const [, index, part] = /^(?:(\d+)\.)?(.*)$/.exec(name)!;
    const place = index === undefined ? shared : (own[Number(index)] ??= {});
    place[part!] = await file.read(name);
  }
  await file.close();
  const batches = own.map((parts): HostArrays => ({...parts, ...shared}));
  return trimmed ? trimmedBatches(batches) : batches;
}

/** Rows of one length in all batches, as a run has them: the longest caption, and the longest keyword. */
function trimmedBatches(batches: readonly HostArrays[]): HostArrays[] {
  const parts = ['paired', 'keywords'].filter((part) => `${part}.ids` in batches[0]!);
  const tokens = (batch: HostArrays, part: string) => ({
    ids: batch[`${part}.ids`]!,
    end: batch[`${part}.end`]!,
  });
  const lengths = parts.map((part) => Math.max(...batches.map((batch) => longestText(tokens(batch, part)))));
  return batches.map((batch) => {
    const cut = parts.map(
      (part, i) => [`${part}.ids`, trimTokens(tokens(batch, part), lengths[i]).ids] as const,
    );
    return {...batch, ...Object.fromEntries(cut)};
  });
}

/** GFLOP/s of the fastest of five products [size, size] x [size, size]. */
function matmulRate(size: number): number {
  const a = tf.fill<tf.Rank.R2>([size, size], 0.5);
  let best = Infinity;
  for (let i = 0; i < 6; i++) {
    const start = performance.now();
    tf.tidy(() => tf.slice(tf.matMul(a, a), [0, 0], [1, 1]).dataSync());
    best = Math.min(best, performance.now() - start);
  }
  a.dispose();
  return (2 * size ** 3) / best / 1e6;
}

await main(process.argv[2]!, JSON.parse(process.argv[3]!) as Options);
