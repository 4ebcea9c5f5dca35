import {execFileSync} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {describe, expect, it} from 'vitest';
import {lastLines, runTool} from '../../../../src/engine/install/run-tool.js';

const node = (script: string, options = {}) => runTool(process.execPath, ['-e', script], options);

describe('running a program', () => {
  it('tells its status and what it printed', async () => {
    const result = await node('console.log("out"); console.error("err"); process.exitCode = 3');
    expect(result).toEqual({status: 3, signal: null, stdout: 'out\n', stderr: 'err\n', missing: false});
  });

  it('keeps the end of a long output', async () => {
    const {stdout} = await node('process.stdout.write("x".repeat(200000) + "the end")');
    expect(stdout).toHaveLength(65_536);
    expect(stdout.endsWith('the end')).toBe(true);
  });

  it('tells that a program is missing, found by the PATH of its environment', async () => {
    expect(await runTool('python3', [], {environment: {PATH: '/nowhere'}})).toMatchObject({
      missing: true,
      status: null,
    });
  });

  it('stops it after its time, or when told to', async () => {
    const forever = 'setInterval(() => {}, 1000)';
    expect(await node(forever, {timeoutMs: 300})).toMatchObject({status: null, signal: 'SIGTERM'});
    const stop = new AbortController();
    setTimeout(() => stop.abort('SIGINT'), 300);
    expect(await node(forever, {signal: stop.signal})).toMatchObject({status: null, signal: 'SIGTERM'});
  });

  it('lets this process end at once when a program with a time limit is missing', () => {
    const source = new URL('../../../../src/engine/install/run-tool.ts', import.meta.url);
    const script = `import {runTool} from ${JSON.stringify(fileURLToPath(source))};
      await runTool('no-such-program', [], {timeoutMs: 60000});`;
    const args = ['--import', 'tsx', '--input-type=module', '-e', script];
    expect(() => execFileSync(process.execPath, args, {timeout: 30_000})).not.toThrow();
  });
});

describe('the last lines of an output', () => {
  it('are those that hold anything', () => {
    expect(lastLines('a\n\nb  \n \nc\n\n', 2)).toBe('b\nc');
    expect(lastLines('', 3)).toBe('');
  });
});
