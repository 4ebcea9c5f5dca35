import {createHash} from 'node:crypto';
import {readdirSync, readFileSync, truncateSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it, onTestFinished} from 'vitest';
import {openEmbeddingCache, type EmbeddingCache} from '../../../../src/app/embed/embedding-cache.js';
import {modelKey} from '../../../../src/app/embed/model-key.js';
import {unitRows} from '../../../reference/matrix.js';
import {formulaModel} from '../../../support/formula-weights.js';
import {randomMatrix} from '../../../support/random-features.js';
import {temporaryFolder} from '../../../support/temporary-folder.js';
import {tinyResNet, tinyVit} from '../../../support/tiny-clip.js';

const root = temporaryFolder();
const keyOf = (text: string) => createHash('sha256').update(text).digest();
const keys = ['a', 'b', 'c'].map(keyOf);
const features = Float32Array.from(unitRows(randomMatrix(3, 4, 71)).flat());

async function opened(name: string, dim = 4): Promise<EmbeddingCache> {
  const cache = await openEmbeddingCache(join(root, name), dim);
  onTestFinished(() => cache.close());
  return cache;
}

describe('openEmbeddingCache', () => {
  it('knows what it was given, at once and in the next process', async () => {
    const first = await opened('kept');
    expect(await first.read(keys)).toEqual([undefined, undefined, undefined]);
    await first.add(keys, features);
    for (const cache of [first, await opened('kept')]) {
      expect(cache.size).toBe(3);
      const [b, none, a] = await cache.read([keys[1]!, keyOf('d'), keys[0]!]);
      expect(b).toEqual(features.subarray(4, 8));
      expect(none).toBeUndefined();
      expect(a).toEqual(features.subarray(0, 4));
    }
  });

  it('keeps the same features in one file, however often they are added', async () => {
    const cache = await opened('twice');
    await cache.add(keys, features);
    await cache.add(keys, features);
    expect(readdirSync(join(root, 'twice'))).toHaveLength(1);
  });

  it('takes nothing from a file that is cut short, of another width, or no such file', async () => {
    const cache = await opened('torn');
    await cache.add(keys, features);
    const path = join(root, 'torn', readdirSync(join(root, 'torn'))[0]!);
    expect((await opened('torn', 8)).size).toBe(0);
    truncateSync(path, readFileSync(path).length - 1);
    expect((await opened('torn')).size).toBe(0);
    writeFileSync(path, '');
    expect((await opened('torn')).size).toBe(0);
  });

  it('does not take a feature whose numbers have changed on the disk', async () => {
    await (await opened('flipped')).add(keys, features);
    const path = join(root, 'flipped', readdirSync(join(root, 'flipped'))[0]!);
    const bytes = readFileSync(path);
    bytes.writeFloatLE(3, bytes.length - 4);
    writeFileSync(path, bytes);
    const [a, , c] = await (await opened('flipped')).read(keys);
    expect(a).toEqual(features.subarray(0, 4));
    expect(c).toBeUndefined();
  });
});

describe('modelKey', () => {
  const model = formulaModel(tinyVit);
  const engine = {name: 'wasm', version: '4.22.0', gpu: false} as const;
  const key = modelKey(model, engine);

  it('is the same for the same weights, wherever they were read', () => {
    const copy = {...formulaModel(tinyVit), source: {...model.source, folder: 'elsewhere'}};
    expect(modelKey(copy, engine)).toBe(key);
    expect(key).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is another for a weight, a running statistic, the preprocessing or the engine', () => {
    const proj = model.weights['visual.proj']!;
    const nudged = Float32Array.from(proj.data, (value, i) => (i === 0 ? value + 1e-6 : value));
    const resnet = formulaModel(tinyResNet);
    const [name, statistic] = Object.entries(resnet.state)[0]!;
    const {preprocess} = model.config;
    const others = [
      modelKey({...model, weights: {...model.weights, 'visual.proj': {...proj, data: nudged}}}, engine),
      modelKey(
        {...model, config: {...model.config, preprocess: {...preprocess, interpolation: 'bilinear'}}},
        engine,
      ),
      modelKey(model, {...engine, name: 'cpu'}),
      modelKey(model, {...engine, version: '4.23.0'}),
    ];
    expect(new Set([key, ...others]).size).toBe(5);
    const moved = {...resnet.state, [name]: {...statistic, data: statistic.data.map((value) => value + 1)}};
    expect(modelKey({...resnet, state: moved}, engine)).not.toBe(modelKey(resnet, engine));
  });
});
