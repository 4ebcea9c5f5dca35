import {describe, expect, it} from 'vitest';
import {batchesPerEpoch} from '../../src/data/batch-order.js';
import {labelSplit} from '../../src/data/label-split.js';
import {numberOf, readVectors, type VectorValues} from '../support/s-clip-vectors.js';

const vectors = readVectors();

describe('step_arithmetic', () => {
  const {inputs, expected} = vectors.get('step_arithmetic')!;
  const wanted = expected['rows'] as readonly VectorValues[];
  const rows = (inputs['rows'] as readonly VectorValues[]).map((row, i) => [row, wanted[i]!] as const);

  it.each(rows)('%j', (row, want) => {
    const {labelled, unlabelled} = labelSplit(numberOf(row, 'train_size'), numberOf(row, 'label_ratio'), 0);
    expect([labelled.length, unlabelled.length]).toEqual([want['labelled'], want['unlabelled']]);
    const perDevice = Math.ceil(labelled.length / numberOf(row, 'world_size'));
    expect(perDevice).toBe(want['samples_per_rank']);
    const batch = numberOf(want, 'labelled_batch_per_rank');
    const batches = batchesPerEpoch(perDevice, batch);
    // the published code trains for 0 steps when the pairs do not fill a batch; here the batch shrinks to them
    const published = perDevice < batch ? 1 : numberOf(want, 'batches_per_epoch');
    expect(batches).toBe(published);
    if (perDevice >= batch) expect(batches * numberOf(row, 'epochs')).toBe(want['total_steps']);
  });
});

describe('distributed_sampler', () => {
  const {inputs, expected} = vectors.get('distributed_sampler')!;

  it.each(inputs['epochs'] as number[])(
    'epoch %d: the seeded permutation, dealt out to the devices',
    (epoch) => {
      const [n, devices] = [numberOf(inputs, 'n'), numberOf(inputs, 'world_size')];
      const order = labelSplit(n, 1, epoch).labelled;
      const size = Math.ceil(n / devices);
      const dealt = Array.from({length: devices}, (_, device) =>
        Array.from({length: size}, (_, i) => order[(device + i * devices) % n]),
      );
      expect(dealt).toEqual(expected[`epoch${epoch}`]);
    },
  );
});
