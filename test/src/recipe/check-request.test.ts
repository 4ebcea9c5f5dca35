import {describe, expect, it} from 'vitest';
import {checkRequest} from '../../../src/recipe/check-request.js';

const minimal = {model: './clip', captioned: 'pairs'};

describe('checkRequest', () => {
  it('fills in every default', () => {
    expect(checkRequest(minimal, 'adapt')).toMatchObject({
      method: 's-clip',
      batch: 32,
      warmupSteps: 10,
      weightDecay: 0.2,
      frozen: 'none',
      seed: 0,
      engine: 'auto',
      precision: 'auto',
      capture: true,
      evaluate: [],
      checkpointEvery: 50,
    });
  });

  it.each([
    [{batch: 1}, 'adapt: batch: expected >= 2, got 1'],
    [{batch: 'many'}, 'adapt: batch: expected number, got "many"'],
    [{steps: 0}, 'adapt: steps: expected >= 1, got 0'],
    [{steps: 1.5}, 'adapt: steps: expected int, got 1.5'],
    [{learningRate: 0}, 'adapt: learningRate: expected > 0, got 0'],
    [{learningRate: 2}, 'adapt: learningRate: expected <= 1, got 2'],
    [{labelRatio: 0}, 'adapt: labelRatio: expected > 0, got 0'],
    [{labelRatio: 1.1}, 'adapt: labelRatio: expected <= 1, got 1.1'],
    [{frozen: 'both'}, 'adapt: frozen: expected none or image or text, got "both"'],
    [{engine: 'torch'}, 'adapt: engine: expected auto or tensorflow or wasm or cpu, got "torch"'],
    [{precision: 'fp16'}, 'adapt: precision: expected auto or fp32 or bf16, got "fp16"'],
    [{microBatch: 0}, 'adapt: microBatch: expected >= 1, got 0'],
    [{capture: 'no'}, 'adapt: capture: expected boolean, got "no"'],
    [{seed: -1}, 'adapt: seed: expected >= 0, got -1'],
    [{warmupSteps: -1}, 'adapt: warmupSteps: expected >= 0, got -1'],
    [{weightDecay: -0.1}, 'adapt: weightDecay: expected >= 0, got -0.1'],
    [{clipNorm: 0}, 'adapt: clipNorm: expected > 0, got 0'],
    [{checkpointEvery: 0}, 'adapt: checkpointEvery: expected >= 1, got 0'],
    [{imageCacheMiB: -1}, 'adapt: imageCacheMiB: expected >= 0, got -1'],
    [{imageCacheMiB: '1 GB'}, 'adapt: imageCacheMiB: expected number, got "1 GB"'],
    [{unpairedBatch: 0}, 'adapt: unpairedBatch: expected >= 1, got 0'],
    [{epochs: 0}, 'adapt: epochs: expected > 0, got 0'],
    [{steps: 5, epochs: 1}, 'adapt: expected steps or epochs, got both'],
    [{bacth: 8}, 'adapt: expected a known key, got bacth (did you mean batch?)'],
  ])('says what is wrong with %j', (fault, message) => {
    expect(() => checkRequest({...minimal, ...fault}, 'adapt')).toThrow(message);
  });

  it('reports all faults at once', () => {
    const faults = () => checkRequest({captioned: 'x', batch: 0, seed: 'a'}, 'recipes/x.yaml');
    expect(faults).toThrow(/model: expected string, got nothing/);
    expect(faults).toThrow(/batch: expected >= 2, got 0/);
    expect(faults).toThrow(/seed: expected number, got "a"/);
  });
});
