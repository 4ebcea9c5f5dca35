import {existsSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {lockEngines} from '../../../../src/engine/install/cache-lock.js';
import {lockFolder} from '../../../../src/support/folder-lock.js';

let engines: string;
beforeEach(() => {
  engines = mkdtempSync(join(tmpdir(), 'fewclip-lock-'));
});
afterEach(() => rmSync(engines, {recursive: true}));

const {signal} = new AbortController();

describe('the lock of the engines', () => {
  it('is taken at once when it is free, and gone when released', async () => {
    const notices: string[] = [];
    const lock = await lockEngines(engines, {signal, onNotice: (message) => notices.push(message)});
    expect(existsSync(join(engines, 'lock.json'))).toBe(true);
    await lock.release();
    expect(existsSync(join(engines, 'lock.json'))).toBe(false);
    expect(notices).toEqual([]);
  });

  it('is waited for, which is told once', async () => {
    const other = await lockFolder(engines);
    const notices: string[] = [];
    const waiting = lockEngines(engines, {signal, onNotice: (message) => notices.push(message)});
    setTimeout(() => void other.release(), 700);
    await (await waiting).release();
    expect(notices).toEqual(['another process is changing the engines: waiting for it']);
  });

  it('is given up after a time with exit code 8, and on an abort with 130', async () => {
    const other = await lockFolder(engines);
    const onNotice = () => undefined;
    await expect(lockEngines(engines, {signal, onNotice, waitMs: 0})).rejects.toMatchObject({
      message: `${engines}: expected the other process to end within 0 minutes, got none of it`,
      tryThis: `if no installation is running, rm ${engines}/lock.json`,
      exit: 8,
    });
    const stop = new AbortController();
    setTimeout(() => stop.abort('SIGINT'), 100);
    await expect(lockEngines(engines, {signal: stop.signal, onNotice})).rejects.toMatchObject({exit: 130});
    await other.release();
  });
});
