import {mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {addonPath, libraryFolder} from '../../../../src/engine/install/engine-places.js';
import {engineIsLinked, linkedEngine} from '../../../../src/engine/install/linked-engine.js';

let folder: string;
let addonPackage: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'fewclip-linked-')));
  addonPackage = join(folder, 'package');
  mkdirSync(dirname(addonPath(addonPackage)), {recursive: true});
  mkdirSync(dirname(libraryFolder(addonPackage)), {recursive: true});
});
afterEach(() => rmSync(folder, {recursive: true}));

/** An engine in a cache, linked. */
function link(manifest: object): string {
  const engine = join(folder, 'cache', 'tensorflow-2.21.0-cuda-1');
  mkdirSync(join(engine, 'lib'), {recursive: true});
  mkdirSync(join(engine, 'addons', 'key'), {recursive: true});
  writeFileSync(join(engine, 'manifest.json'), JSON.stringify(manifest));
  writeFileSync(join(engine, 'lib', 'libtensorflow_framework.so.2'), '');
  writeFileSync(join(engine, 'addons', 'key', 'tfjs_binding.node'), '');
  symlinkSync(join(engine, 'lib'), libraryFolder(addonPackage));
  symlinkSync(join(engine, 'addons', 'key', 'tfjs_binding.node'), addonPath(addonPackage));
  return engine;
}

describe('the linked engine', () => {
  it('is none in a fresh package', () => {
    expect(engineIsLinked(addonPackage)).toBe(false);
    expect(linkedEngine(addonPackage)).toBeUndefined();
  });

  it('is told by the manifest beside the addon that would be loaded', () => {
    const engine = link({version: 1, name: 'the-name', kind: 'cuda', tensorflow: '2.21.0', files: {}});
    expect(engineIsLinked(addonPackage)).toBe(true);
    expect(linkedEngine(addonPackage)).toEqual({
      name: 'the-name',
      tensorflow: '2.21.0',
      cuda: true,
      folder: engine,
    });
  });

  it('is none when the links point to an engine that was removed', () => {
    rmSync(link({version: 1}), {recursive: true});
    expect(engineIsLinked(addonPackage)).toBe(false);
    expect(linkedEngine(addonPackage)).toBeUndefined();
  });

  it('is unmanaged when it was put there by hand', () => {
    mkdirSync(libraryFolder(addonPackage));
    writeFileSync(join(libraryFolder(addonPackage), 'libtensorflow_framework.so.2'), '');
    writeFileSync(addonPath(addonPackage), '');
    expect(linkedEngine(addonPackage)).toMatchObject({name: 'unmanaged', tensorflow: 'unknown', cuda: false});
  });
});
