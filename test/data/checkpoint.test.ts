import {mkdtemp} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {expect, it} from 'vitest';
import {describeClip, loadClip, saveClip} from '../../src/model/checkpoint.js';
import {openSafetensors, openSharded} from '../../src/model/safetensors.js';
import {temporaryFolder} from '../support/temporary-folder.js';

const tinyClip = fileURLToPath(new URL('../../../shared/models/tiny-clip-rs', import.meta.url));
const root = temporaryFolder();

it('tiny-clip-rs is read as its configuration and its index say', async () => {
  const {config, parameters, dtype, layout, tensors} = await describeClip(tinyClip);
  // total_parameters of its index
  expect({parameters, dtype, layout, tensors}).toEqual({
    parameters: 10201601,
    dtype: 'F16',
    layout: 'hf',
    tensors: 174,
  });
  expect(config).toMatchObject({
    embedDim: 256,
    activation: 'quick_gelu',
    vision: {kind: 'vit', imageSize: 64, patchSize: 8, width: 256, layers: 6, heads: 4, mlpWidth: 1024},
    text: {contextLength: 32, vocabSize: 8192, layers: 4, startToken: 0, endToken: 1, padToken: 1},
    preprocess: {size: 64, interpolation: 'bicubic'},
  });
});

it('tiny-clip-rs comes back bit for bit through hf, and through open_clip and back', async () => {
  const original = await openSharded(join(tinyClip, 'model.safetensors.index.json'));
  const [direct, between, back] = await Promise.all(['d', 'b', 'k'].map((name) => mkdtemp(join(root, name))));
  await saveClip(await loadClip(tinyClip), direct!, {layout: 'hf', dtype: 'F16'});
  await saveClip(await loadClip(tinyClip), between!, {layout: 'open_clip', dtype: 'F16'});
  await saveClip(await loadClip(between!), back!, {layout: 'hf', dtype: 'F16'});
  for (const folder of [direct!, back!]) {
    const saved = await openSafetensors(join(folder, 'model.safetensors'));
    expect(saved.names().sort()).toEqual(original.names().sort());
    for (const name of original.names()) {
      expect(saved.tensors.get(name)).toMatchObject({dtype: 'F16', shape: original.tensors.get(name)!.shape});
      // F16 to float32 is exact and has no NaN here, so equal numbers with equal signs are equal bits
      const [a, b] = [(await saved.read(name)).data, (await original.read(name)).data];
      expect(Buffer.from(a.buffer).equals(Buffer.from(b.buffer)), name).toBe(true);
    }
    await saved.close();
  }
  await original.close();
});
