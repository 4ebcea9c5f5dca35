import {mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import {adamConstants} from '../../src/app/training/adam-constants.js';
import {loadDomain} from '../../src/data/load-domain.js';
import type {HostArrays} from '../../src/engine/step.js';
import {isDecayed} from '../../src/engine/weight-decay.js';
import {saveClip} from '../../src/model/checkpoint.js';
import type {ClipConfig} from '../../src/model/clip-config.js';
import {randomModel} from '../../src/model/random-model.js';
import {writeSafetensors} from '../../src/model/safetensors.js';
import {writeJsonAtomically} from '../../src/support/atomic-file.js';
import {keywordTokens, pairedBatch, unpairedBatch} from './random-batch.js';

export const benchMethods = ['s-clip', 'clip'] as const;
export type BenchMethod = (typeof benchMethods)[number];

/** What is trained. */
export interface TrainCase {
  readonly model: string;
  readonly method: BenchMethod;
  /** Captioned images a step; S-CLIP takes as many uncaptioned ones. */
  readonly batch: number;
}

/** The numbers of the optimiser, and what it decays: the same on both sides. */
export interface Training {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
  readonly clipNorm: number;
  readonly decayed: readonly string[];
}

/** What every contender reads from its folder, beside `model/` and `batches.safetensors`. */
export interface Problem {
  readonly method: BenchMethod;
  readonly training: Training;
}

const seed = 0;

/** Batches of a problem; steps take them in turn. */
const batchCount = 2;

/**
 * Writes a model with random weights in open_clip's layout.
 * The last scale of every ResNet block starts at 0.5: at CLIP's 0 the branches before it would have no gradient, and
 * a comparison of gradients would not see them.
 */
export async function writeRandomModel(config: ClipConfig, folder: string): Promise<void> {
  const model = randomModel(config, seed);
  const weights = Object.entries(model.weights).map(([name, {shape, data}]) => {
    const value = name.endsWith('bn3.weight')
      ? {shape, data: new Float32Array(data.length).fill(0.5)}
      : {shape, data};
    return [name, value] as const;
  });
  const filled = {...model, weights: Object.fromEntries(weights)};
  await saveClip(filled, folder, {layout: 'open_clip', dtype: 'F32'});
}

/** Rows of the texts of a step. */
export interface TextRows {
  readonly rows: number;
  /** Tokens of each row as the tokenizer makes it, and of the longest text. */
  readonly full: number;
  readonly longest: number;
}

/**
 * Writes the batches and the numbers of a case; the model is written apart, since cases share it.
 * @returns the rows of captions, and of keywords if there are any
 */
export async function writeProblem(
  folder: string,
  {method, batch}: TrainCase,
  config: ClipConfig,
  weights: Readonly<Record<string, readonly number[]>>,
): Promise<TextRows[]> {
  await mkdir(folder, {recursive: true});
  const batches = await problemBatches(config, method, batch);
  const entries = Object.entries(batches).map(([name, value]) => ({name, value: () => value}));
  await writeSafetensors(join(folder, 'batches.safetensors'), entries);
  const problem: Problem = {method, training: trainingOf(config, weights)};
  await writeJsonAtomically(join(folder, 'problem.json'), problem);
  return textRows(batches, config);
}

function textRows(batches: HostArrays, {text}: ClipConfig): TextRows[] {
  return ['paired.end', 'keywords.end'].flatMap((part): TextRows[] => {
    const ends = Object.entries(batches).flatMap(([name, {data}]) => (name.endsWith(part) ? [data] : []));
    if (ends[0] === undefined) return [];
    const longest = 1 + Math.max(...ends.flatMap((data) => [...data]));
    return [{rows: ends[0].length, full: text.contextLength, longest}];
  });
}

/** `<i>.<part>` for what differs from batch to batch, `<part>` for the keywords. */
async function problemBatches(config: ClipConfig, method: BenchMethod, batch: number): Promise<HostArrays> {
  const {keywords} = await loadDomain('remote-sensing');
  const sizes = {pairs: batch, unpaired: batch, keywords: keywords.length};
  const own = Array.from({length: batchCount}, (_, i) => {
    const parts = {
      ...pairedBatch(config, batch, seed + i),
      ...(method === 's-clip' && unpairedBatch(config, sizes, seed + i)),
    };
    return Object.entries(parts).map(([name, value]) => [`${i}.${name}`, value] as const);
  });
  const shared = method === 's-clip' ? keywordTokens(config, keywords, seed) : {};
  return {...Object.fromEntries(own.flat()), ...shared};
}

/** Both sides read these; the rate is small, so that a long bench stays where training starts. */
function trainingOf(config: ClipConfig, weights: Readonly<Record<string, readonly number[]>>): Training {
  return {
    learningRate: 1e-6,
    ...adamConstants(config),
    weightDecay: 0.2,
    clipNorm: 1,
    decayed: Object.keys(weights).filter((name) => isDecayed(name, weights[name]!.length)),
  };
}
