import {join} from 'node:path';
import {beforeAll, describe, expect, it} from 'vitest';
import {startEngine} from '../../src/engine/backend.js';
import {compileStep} from '../../src/engine/compile.js';
import type {CompiledStep, HostArrays} from '../../src/engine/step.js';
import {isDecayed} from '../../src/engine/weight-decay.js';
import clip from '../../src/methods/clip.js';
import {partOf} from '../../src/methods/contract/parts.js';
import {partsStep} from '../../src/methods/contract/parts-step.js';
import {loadClip} from '../../src/model/checkpoint.js';
import type {ClipModel} from '../../src/model/clip-model.js';
import {inTorchOrder} from '../support/formula-weights.js';
import {inTemporaryFolder, readTensors, runParityScript} from '../support/parity-python.js';

/** As in training.py. */
const peaks = {vit: 5e-4, resnet: 2e-5};
const schedule = [0.2, 1, 0.8, 0.6, 0.2];

describe('five steps of AdamW from the same weights and batches', () => {
  beforeAll(() => startEngine('tensorflow'));

  it.each(['vit', 'resnet'] as const)('%s: losses and weights are those of PyTorch', async (kind) => {
    await inTemporaryFolder(async (folder) => {
      runParityScript('training.py', kind, folder);
      const model = await loadClip(folder);
      const batches = await readTensors(join(folder, 'batches.safetensors'));
      const answer = await readTensors(join(folder, 'answer.safetensors'));
      const step = trainingStep(model);
      schedule.forEach((share, i) => {
        const {loss} = step.run(batchOf(batches, i), {learningRate: peaks[kind] * share, step: i + 1});
        expect(Math.abs(loss - answer['losses']!.data[i]!), `loss ${i + 1}`).toBeLessThan(1e-4);
      });
      compareHeld(step, model, answer);
      step.dispose();
    });
  });
});

function trainingStep({config, weights, state}: ClipModel): CompiledStep {
  const names = Object.keys(weights);
  return compileStep(partsStep([partOf(clip)], config), {
    weights,
    state,
    trained: new Set(names),
    decayed: new Set(names.filter((name) => isDecayed(name, weights[name]!.shape.length))),
    optimizer: {beta1: 0.9, beta2: 0.98, epsilon: 1e-6, weightDecay: 0.2},
    clamped: {logit_scale: [0, Math.log(100)]},
  });
}

function batchOf(batches: HostArrays, step: number): HostArrays {
  const part = (name: string) => batches[`step.${step}.${name}`]!;
  return {'paired.images': part('images'), 'paired.ids': part('ids'), 'paired.end': part('end')};
}

function compareHeld(step: CompiledStep, {weights, state}: ClipModel, answer: HostArrays): void {
  const held = [...Object.keys(weights), ...Object.keys(state)];
  expect(Object.keys(answer).sort()).toEqual(['losses', ...held].sort());
  for (const name of held) {
    const isWeight = name in weights;
    const expected = answer[name]!.data;
    const actual = inTorchOrder(step.read(`${isWeight ? 'weights' : 'state'}/${name}`)).data;
    const worst = Array.from(actual).reduce(
      (most, value, i) => Math.max(most, Math.abs(value - expected[i]!)),
      0,
    );
    expect(worst, `largest difference of ${name}`).toBeLessThan(1e-4);
    // a key's bias moves all logits of a query alike: its gradient is zero but for rounding
    if (isWeight && name !== 'visual.attnpool.k_proj.bias')
      expectSameChange(name, inTorchOrder(weights[name]!).data, {actual, expected});
  }
}

type Values = Float32Array | Int32Array;

/** The weights must have moved alike: their small steps alone keep any two runs within 1e-2 of each other. */
function expectSameChange(
  name: string,
  start: Values,
  {actual, expected}: {readonly actual: Values; readonly expected: Values},
): void {
  const length = (difference: (i: number) => number) =>
    Math.sqrt([...start.keys()].reduce((sum, i) => sum + difference(i) ** 2, 0));
  const moved = length((i) => expected[i]! - start[i]!);
  const apart = length((i) => actual[i]! - expected[i]!);
  expect(apart / moved, `share of the change of ${name}`).toBeLessThan(0.05);
}
