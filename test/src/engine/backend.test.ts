import {execFile} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import {describe, expect, test} from 'vitest';
import {startEngine, type EngineInfo} from '../../../src/engine/backend.js';

const child = fileURLToPath(new URL('../../support/engine-child.ts', import.meta.url));

interface ChildReport {
  readonly info: EngineInfo;
  readonly product: number;
  readonly listeners: readonly number[];
  readonly environment: Readonly<Record<string, string>>;
}

/** Runs the child with its standard error as a pipe of a shell: what `2>&1 | less` would see. */
async function runChild(
  engine: string,
  {wishes = [], environment = {}}: {wishes?: readonly string[]; environment?: NodeJS.ProcessEnv} = {},
) {
  const command = `"$0" --import tsx "$1" ${[engine, ...wishes].join(' ')} 2>&1 >&3 | cat >&2`;
  const env: NodeJS.ProcessEnv = {...process.env, ...environment};
  delete env['NODE_OPTIONS'];
  for (const name of Object.keys(env)) {
    if (name.startsWith('TF_') && !Object.hasOwn(environment, name)) delete env[name];
  }
  const {stdout, stderr} = await promisify(execFile)(
    'sh',
    ['-c', `exec 3>&1; ${command}`, process.execPath, child],
    {
      env,
    },
  );
  return {report: JSON.parse(stdout.split('\n')[0]!) as ChildReport, stdout, stderr};
}

describe('startEngine', () => {
  test.each([
    ['tensorflow', /^2\.\d+\.\d+$/],
    ['wasm', /^4\.\d+\.\d+$/],
    ['cpu', /^4\.\d+\.\d+$/],
  ] as const)(
    '%s starts alone, computes, and writes nothing but what it was asked',
    async (engine, version) => {
      const {report, stdout, stderr} = await runChild(engine);
      expect(report.info).toMatchObject({name: engine});
      expect(report.info.version).toMatch(version);
      expect(report.product).toBe(42);
      expect(stdout.trim().split('\n')).toHaveLength(1);
      expect(stderr).toBe('');
      expect(report.listeners, 'listeners for errors that nobody caught').toEqual([0, 0]);
    },
  );

  test('an engine in use can be started again, and another one after it', async () => {
    for (const engine of ['tensorflow', 'wasm', 'tensorflow', 'cpu', 'wasm'] as const) {
      const first = await startEngine(engine);
      expect(tf.getBackend()).toBe(engine);
      const made = tf.tensor1d([1, 2]);
      const again = await startEngine(engine);
      expect(again).toEqual(first);
      expect([...tf.add(made, 1).dataSync()]).toEqual([2, 3]);
      made.dispose();
    }
  });

  test('auto is the installed TensorFlow, and needs no notice', async () => {
    const notices: string[] = [];
    const info = await startEngine('auto', {onNotice: (message) => notices.push(message)});
    expect(info).toEqual(await startEngine('tensorflow'));
    expect(notices).toEqual([]);
  });

  test('TensorFlow is told to be quiet, to share a GPU and to repeat itself, unless the user says otherwise', async () => {
    const defaults = {
      TF_CPP_MIN_LOG_LEVEL: '2',
      TF_FORCE_GPU_ALLOW_GROWTH: 'true',
      TF_DETERMINISTIC_OPS: '1',
    };
    expect((await runChild('tensorflow')).report.environment).toMatchObject(defaults);
    const environment = {TF_CPP_MIN_LOG_LEVEL: '3', TF_DETERMINISTIC_OPS: '0'};
    expect((await runChild('tensorflow', {environment})).report.environment).toMatchObject({
      ...defaults,
      ...environment,
    });
  });

  test('TensorFlow starts on a Node without the functions that Node 23 removed', async () => {
    expect((await runChild('tensorflow', {wishes: ['without-util']})).report.product).toBe(42);
  });

  test.each(['tensorflow', 'wasm', 'cpu'])(
    'an uncaught error after %s is shown as Node shows it',
    async (engine) => {
      const {stderr} = await runChild(engine, {wishes: ['throw']});
      expect(stderr).toMatch(/^[^\n]*engine-child\.ts:\d+\n/);
      expect(stderr).toContain('Error: thrown for the test');
      expect(stderr.length).toBeLessThan(2000);
    },
  );
});
