import {describe, expect, it} from 'vitest';
import {startContender} from '../../bench/support/contender.js';
import {runOnce} from '../../bench/support/run-once.js';
import {peakBytes, resetPeak} from '../../bench/support/peak-memory.js';

const serve = JSON.stringify(new URL('../../bench/support/serve.ts', import.meta.url).href);

/** A contender whose handlers are written in the test. */
function contender(handlers: string) {
  const code = `const {serve} = await import(${serve}); await serve({versions: {toy: '1'}}, ${handlers});`;
  const args = ['--import', import.meta.resolve('tsx'), '--input-type=module', '-e', code];
  return startContender({name: 'toy', program: process.execPath, args});
}

describe('a contender', () => {
  it('says what it is, answers one request after the other, and ends', async () => {
    let held = 0;
    const toy = await contender(`{add: ({by}) => ({sum: (globalThis.sum = (globalThis.sum ?? 0) + by)})}`);
    expect(toy.ready).toEqual({versions: {toy: '1'}});
    expect(toy.readySeconds).toBeGreaterThan(0);
    for (const by of [2, 3]) ({sum: held} = await toy.ask<{sum: number}>({do: 'add', by}));
    expect(held).toBe(5);
    expect(peakBytes(toy.pid)).toBeGreaterThan(2 ** 20);
    await toy.end();
    expect(peakBytes(toy.pid)).toBeUndefined();
  });

  it('its peak of memory can begin again', async () => {
    const collect = `async () => {
      (await import('node:v8')).setFlagsFromString('--expose-gc');
      (await import('node:vm')).runInNewContext('gc')();
      return {};
    }`;
    const toy = await contender(
      `{grow: () => ({length: Buffer.alloc(2 ** 28, 1).length}), collect: ${collect}}`,
    );
    await toy.ask({do: 'grow'});
    await toy.ask({do: 'collect'});
    expect(peakBytes(toy.pid)).toBeGreaterThan(2 ** 28);
    resetPeak(toy.pid);
    expect(peakBytes(toy.pid)).toBeLessThan(2 ** 28);
    await toy.end();
  });

  it('a failing request is an error with what the child said', async () => {
    const toy = await contender(`{fail: () => { throw new Error('no such matrix'); }}`);
    await expect(toy.ask({do: 'fail'})).rejects.toThrow(
      /toy: expected an answer, got:\nError: no such matrix/,
    );
    await toy.end();
  });

  it('a child that dies is an error with the end of its stderr', async () => {
    const toy = await contender(
      `{die: () => { process.stderr.write('out of luck'); process.kill(process.pid, 'SIGKILL'); }}`,
    );
    await expect(toy.ask({do: 'die'})).rejects.toThrow(/toy: expected an answer, got:/);
    await toy.end();
  });

  it('a program that is not there is an error', async () => {
    await expect(startContender({name: 'toy', program: '/no/such/program', args: []})).rejects.toThrow(
      /ENOENT/,
    );
  });
});

describe('runOnce', () => {
  const node = (code: string) => ({name: 'toy', program: process.execPath, args: ['-e', code]});

  it('times the whole run and the first line that is waited for', async () => {
    const code = `console.log('a'); setTimeout(() => console.log('b'), 100); setTimeout(() => {}, 300);`;
    const {seconds, markSeconds} = await runOnce(node(code), (line) => line === 'b');
    expect(markSeconds).toBeGreaterThan(0.1);
    expect(seconds).toBeGreaterThan(markSeconds! + 0.1);
  });

  it('a failing run is an error with the end of its stderr', async () => {
    await expect(runOnce(node(`console.error('broken'); process.exitCode = 3;`))).rejects.toThrow(
      'toy: expected it to finish, got:\nexit 3\nbroken',
    );
  });
});
