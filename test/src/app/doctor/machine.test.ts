import {mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {measureCache} from '../../../../src/app/doctor/cache.js';
import {lookAtMachine} from '../../../../src/app/doctor/machine.js';

describe('the machine', () => {
  it('tells version, Node, cores and memory', () => {
    const machine = lookAtMachine();
    expect(machine.fewclip).toMatch(/^\d+\.\d+\.\d+/);
    expect(machine.node).toBe(process.versions.node);
    expect(machine.cpu.cores).toBeGreaterThan(0);
    expect(machine.memory.totalBytes).toBeGreaterThan(1e8);
  });
});

describe('the cache', () => {
  it('is measured to the byte, links not followed, and may be missing', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fewclip-cache-'));
    try {
      mkdirSync(join(folder, 'a/b'), {recursive: true});
      writeFileSync(join(folder, 'a/b/one'), 'x'.repeat(1000));
      writeFileSync(join(folder, 'two'), 'x'.repeat(234));
      symlinkSync(join(folder, 'a'), join(folder, 'link'));
      expect(await measureCache(folder)).toMatchObject({folder, bytes: 1234});
      const missing = await measureCache(join(folder, 'not/there'));
      expect(missing.bytes).toBe(0);
      expect(missing.freeBytes).toBeGreaterThan(0);
    } finally {
      rmSync(folder, {recursive: true});
    }
  });
});
