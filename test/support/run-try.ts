import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {fileURLToPath} from 'node:url';
import {packageRoot} from '../../src/support/package-root.js';

/** How a try ended. */
export interface TryEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const child = fileURLToPath(new URL('try-child.ts', import.meta.url));

/** Two tiny steps of an untrained CLIP. */
const tiny = ['model=./assets/smoke-clip', 'steps=2', 'batch=8', 'warmupSteps=1'];

/**
 * Runs `fewclip try` with an untrained model and two steps, in a process of its own.
 * @param onLine told each line of stdout
 */
export async function runTry(
  args: readonly string[],
  onLine: (line: string, stop: (signal: NodeJS.Signals) => void) => void = () => {},
): Promise<TryEnd> {
  const argv = ['--import', import.meta.resolve('tsx'), child, ...tiny, '--', ...args];
  const running = spawn(process.execPath, argv, {cwd: packageRoot(), stdio: ['ignore', 'pipe', 'pipe']});
  let [stdout, stderr, pending] = ['', '', ''];
  running.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  running.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
    const lines = (pending + chunk).split('\n');
    pending = lines.pop()!;
    for (const line of lines) onLine(line, (signal) => running.kill(signal));
  });
  const [code] = (await once(running, 'close')) as [number | null];
  return {code, stdout, stderr};
}
