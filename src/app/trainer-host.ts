import {fork, type ChildProcess} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {exitCodes, UserError} from '../support/errors.js';
import {oomKills} from '../support/oom-kills.js';
import {thrownBy} from './error-event.js';
import type {RunEvent} from './events.js';
import type {StartMessage, StopMessage} from './trainer-process.js';
import type {StopSignal} from './training/run-training.js';

/** A trainer process at work. */
export interface TrainerHost {
  /** Its events, until it ends. Throws what it failed with. */
  readonly events: AsyncIterable<RunEvent>;
  /** Asks for a checkpoint and an end. */
  stop(signal: StopSignal): void;
  /** Ends it at once; the last checkpoint stays. */
  kill(): void;
}

/** Starts a process that trains the plan of a run folder. */
export function startTrainer(folder: string): TrainerHost {
  const source = import.meta.url.endsWith('.ts');
  const entry = fileURLToPath(new URL(`./trainer-process.${source ? 'ts' : 'js'}`, import.meta.url));
  const child = fork(entry, {
    // nothing but the trainer's own option: a debugger's or a test runner's would end up in the child too
    execArgv: source ? ['--import', import.meta.resolve('tsx')] : [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const tail = stderrTail(child);
  const start: StartMessage = {type: 'train', folder};
  child.send(start);
  return {
    events: eventsOf(child, tail),
    stop: (signal) => {
      const stop: StopMessage = {type: 'stop', signal};
      if (child.connected) child.send(stop);
    },
    kill: () => child.kill('SIGKILL'),
  };
}

async function* eventsOf(child: ChildProcess, stderr: () => string): AsyncGenerator<RunEvent> {
  const queue: RunEvent[] = [];
  const killsBefore = oomKills();
  let ended: Ended | undefined;
  let wake = () => {};
  child.on('message', (event: RunEvent) => {
    queue.push(event);
    wake();
  });
  child.on('close', (code, signal) => {
    ended = {code, signal};
    wake();
  });
  let last: RunEvent | undefined;
  try {
    for (;;) {
      const event = queue.shift();
      if (event?.type === 'error') throw thrownBy(event);
      if (event) yield (last = event);
      else if (ended) break;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    if (ended === undefined) child.kill('SIGKILL');
  }
  if (last?.type !== 'done' && last?.type !== 'stopped') throw trainerDied({ended, killsBefore}, stderr());
}

/** A trainer that ended without a word: the kernel killed it for its memory, or somebody killed it. */
function trainerDied(
  {ended, killsBefore}: {ended: Ended; killsBefore: number | undefined},
  stderr: string,
): Error {
  const how = ended.signal ?? `exit code ${ended.code}`;
  const kills = oomKills();
  const isByKernel = kills === undefined || kills !== killsBefore;
  if ((ended.signal === 'SIGKILL' && isByKernel) || /bad_alloc|OOM|out of memory/i.test(stderr)) {
    return new UserError(`trainer: expected it to finish, got ${how} (most likely out of memory)`, {
      exit: exitCodes.outOfMemory,
      tryThis:
        'a smaller --batch; the last checkpoint is kept, --resume goes on from it with the same options',
    });
  }
  if (ended.signal === 'SIGKILL') {
    return new UserError('trainer: expected it to finish, got SIGKILL from outside', {
      exit: exitCodes.retry,
      tryThis: 'the same command with --resume, which goes on from the last checkpoint',
    });
  }
  return new Error(`trainer: expected it to finish, got ${how}\n${stderr}`);
}

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
}

/** The last lines the child wrote to stderr: TensorFlow's own words, shown only when it dies. */
function stderrTail(child: ChildProcess): () => string {
  let tail = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (tail = (tail + chunk).slice(-4000)));
  return () => tail;
}
