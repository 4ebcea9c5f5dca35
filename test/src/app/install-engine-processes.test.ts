import {spawn, type ChildProcess} from 'node:child_process';
import {existsSync, readdirSync, rmSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {afterEach, beforeAll, describe, expect, it} from 'vitest';
import {installEngine} from '../../../src/app/install-engine.js';
import {listEngines} from '../../../src/app/list-engines.js';
import {linkedEngine} from '../../../src/engine/install/linked-engine.js';
import type {EnginePlaces} from '../../../src/engine/install/engine-places.js';
import {makeEngine, type FakePip, type MadeEngine} from '../../support/made-engine.js';

let made: MadeEngine;

beforeAll(async () => {
  made = await makeEngine();
  return () => rmSync(made.folder, {recursive: true});
});

afterEach(() => rmSync(made.surroundings.places.engines, {recursive: true, force: true}));

type Line = {readonly type: string; readonly [key: string]: unknown};

/** Starts an installation in a process of its own. */
function start(pip: FakePip, places: EnginePlaces = made.surroundings.places) {
  const environment = {
    ...made.surroundings.environment,
    FAKE_PIP: JSON.stringify({wheels: made.wheels, ...pip}),
  };
  const argument = JSON.stringify({...made.surroundings, environment, places});
  const script = fileURLToPath(new URL('../../support/install-child.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script, argument], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: Line[] = [];
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop()!;
    lines.push(...parts.map((part) => JSON.parse(part) as Line));
  });
  return {child, lines, ended: new Promise((resolve) => child.on('close', resolve))};
}

async function until(condition: () => boolean): Promise<void> {
  const endMs = performance.now() + 40_000;
  while (!condition()) {
    if (performance.now() > endMs) throw new Error('the condition did not come true');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const kill = (child: ChildProcess) => child.kill('SIGKILL');

describe('two installations at once', () => {
  it('download once: the second waits and links', async () => {
    const other = made.secondClone();
    const first = start({mode: 'slow', slowMs: 3000});
    await until(() => first.lines.some(({type}) => type === 'progress'));
    const second = start({mode: 'slow', slowMs: 3000}, other);
    await Promise.all([first.ended, second.ended]);
    expect(first.lines.at(-1)).toMatchObject({type: 'result', isNew: true});
    expect(second.lines[0]).toEqual({
      type: 'notice',
      message: 'another process is changing the engines: waiting for it',
    });
    expect(second.lines.at(-1)).toMatchObject({type: 'result', isNew: false});
    expect(linkedEngine(other.addonPackage)?.name).toBe(first.lines.at(-1)!['name']);
  });
});

describe('an installation that was killed', () => {
  it.each(['download', 'unpack', 'build', 'check', 'link'])(
    'at its %s leaves no half engine, and the next one cleans up and succeeds',
    async (phase) => {
      const killed = start({mode: 'slow', slowMs: 400});
      await until(() => killed.lines.some((line) => line['phase'] === phase));
      kill(killed.child);
      await killed.ended;
      const {engines} = await listEngines(made.surroundings.places);
      expect(engines.filter(({whole}) => !whole)).toEqual([]);
      const result = await installEngine({}, made.surroundings);
      expect(existsSync(result.folder)).toBe(true);
      expect(readdirSync(made.surroundings.places.engines)).toEqual([result.name]);
      expect(linkedEngine(made.surroundings.places.addonPackage)?.name).toBe(result.name);
    },
  );
});
