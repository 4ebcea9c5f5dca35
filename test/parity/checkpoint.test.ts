import {execFileSync} from 'node:child_process';
import {copyFile, mkdir, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {describe, expect, it} from 'vitest';
import {loadClip, saveClip} from '../../src/model/checkpoint.js';
import type {UserError} from '../../src/support/errors.js';
import {cacheFolder} from '../../src/support/cache-folder.js';
import {formulaModel} from '../support/formula-weights.js';
import {goldenCheckpoint, tinyResNet, tinyViT} from '../support/golden-checkpoints.js';
import {hubSession} from '../support/hub-session.js';
import {inTemporaryFolder, readTensors, runParityScript} from '../support/parity-python.js';

const tinyClip = fileURLToPath(new URL('../../../shared/models/tiny-clip-rs', import.meta.url));

async function features(folder: string, out: string) {
  runParityScript('checkpoint.py', 'features', folder, out);
  const {image, text} = await readTensors(out);
  return {image: [...image!.data], text: [...text!.data]};
}

function largestDifference(a: readonly number[], b: readonly number[]): number {
  expect(a.length).toBe(b.length);
  return Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));
}

describe('folders that we write', () => {
  it('tiny-clip-rs: transformers computes the same features from the original and from our hf folder, bit for bit', async () => {
    await inTemporaryFolder(async (folder) => {
      await saveClip(await loadClip(tinyClip), join(folder, 'ours'), {layout: 'hf', dtype: 'F16'});
      const original = await features(tinyClip, join(folder, 'a'));
      expect(await features(join(folder, 'ours'), join(folder, 'b'))).toEqual(original);
    });
  });

  it('tiny-clip-rs: open_clip computes the same features from our open_clip folder', async () => {
    await inTemporaryFolder(async (folder) => {
      await saveClip(await loadClip(tinyClip), join(folder, 'ours'), {layout: 'open_clip', dtype: 'F32'});
      const original = await features(tinyClip, join(folder, 'a'));
      const ours = await features(join(folder, 'ours'), join(folder, 'b'));
      expect(largestDifference(ours.image, original.image)).toBeLessThan(1e-5);
      expect(largestDifference(ours.text, original.text)).toBeLessThan(1e-5);
    });
  });

  it.each([
    ['hf-bf16-sharded', tinyViT, 'hf', 'BF16'],
    ['open-clip-vit-f16', tinyViT, 'open_clip', 'F16'],
    ['open-clip-resnet-f32', tinyResNet, 'open_clip', 'F32'],
  ] as const)('are held by their library as the golden %s is', async (golden, config, layout, dtype) => {
    await inTemporaryFolder(async (folder) => {
      await saveClip(formulaModel(config), join(folder, 'ours'), {layout, dtype});
      runParityScript('checkpoint.py', 'state', join(folder, 'ours'), join(folder, 'a'));
      runParityScript('checkpoint.py', 'state', goldenCheckpoint(golden), join(folder, 'b'));
      const [a, b] = [await readTensors(join(folder, 'a')), await readTensors(join(folder, 'b'))];
      expect(Object.keys(a).sort()).toEqual(Object.keys(b).sort());
      const isCounter = (name: string) => name.endsWith('num_batches_tracked'); // 7 there, 0 in a new model
      for (const name of Object.keys(b).filter((key) => !isCounter(key)))
        expect(a[name], name).toEqual(b[name]);
    });
  });
});

describe('the conversion command', () => {
  it.each(['plain', 'training', 'script'])('turns a %s pickle into weights that load', async (kind) => {
    await inTemporaryFolder(async (folder) => {
      const model = join(folder, "it's a model");
      await mkdir(model);
      const golden = goldenCheckpoint('open-clip-vit-f16');
      await copyFile(join(golden, 'open_clip_config.json'), join(model, 'open_clip_config.json'));
      const pickle = join(model, 'open_clip_pytorch_model.bin');
      runParityScript('checkpoint.py', 'pickle', kind, join(golden, 'open_clip_model.safetensors'), pickle);
      const refused = await loadClip(model).then(
        () => undefined,
        (error: unknown) => error as UserError,
      );
      const python = join(cacheFolder(), 'parity-venv/bin');
      execFileSync('bash', ['-c', refused!.tryThis!], {
        env: {...process.env, PATH: `${python}:${process.env['PATH']}`},
      });
      await rm(pickle);
      expect((await loadClip(model)).weights).toEqual((await loadClip(golden)).weights);
    });
  });
});

describe('the cache that we fill', () => {
  const session = hubSession();

  it('is read by huggingface_hub', async () => {
    const folder = await session.resolve();
    const cache = join(session.home, 'hub');
    const found = runParityScript('checkpoint.py', 'cached', cache, 'lab/clip', 'model.safetensors');
    expect(found.trim()).toBe(join(folder, 'model.safetensors'));
  });
});
