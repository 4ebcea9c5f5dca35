import {spawn, type ChildProcess} from 'node:child_process';
import {createInterface} from 'node:readline';
import {exitCodes, UserError} from '../../src/support/errors.js';

/** How a contender is started. */
export interface ContenderCommand {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  /** Added to the environment. */
  readonly env?: NodeJS.ProcessEnv;
}

/** What a contender says of itself when it is ready. */
export interface Ready {
  /** Of what it computes with, by name. */
  readonly versions: Readonly<Record<string, string>>;
}

/** A process that works only while it is asked to. */
export interface Contender {
  readonly name: string;
  readonly pid: number;
  readonly ready: Ready;
  /** Seconds from its start to being ready. */
  readonly readySeconds: number;
  /** Sends a request, one JSON object a line, and waits for the answer. */
  ask<T>(request: {readonly do: string; readonly [key: string]: unknown}): Promise<T>;
  end(): Promise<void>;
}

/**
 * Starts a contender and waits until it is ready.
 * @throws UserError (exit `engine`) with the end of what it wrote to stderr when it dies, now or during a request
 */
export async function startContender({name, program, args, env}: ContenderCommand): Promise<Contender> {
  const started = performance.now();
  const child = spawn(program, args, {stdio: 'pipe', env: {...process.env, ...env}});
  const answers = answersOf(child, name);
  const ready = (await answers()) as Ready;
  return {
    name,
    pid: child.pid!,
    ready,
    readySeconds: (performance.now() - started) / 1000,
    async ask<T>(request: object): Promise<T> {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      return (await answers()) as T;
    },
    end: () => ended(child),
  };
}

/** The next answer of a child, each time it is called. */
function answersOf(child: ChildProcess, name: string): () => Promise<unknown> {
  const lines = createInterface({input: child.stdout!})[Symbol.asyncIterator]();
  let tail = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (tail = (tail + text).slice(-4000)));
  const fails = new Promise<Error>((resolve) => child.once('error', resolve));
  // a request to a child that died is met by the end of its answers
  child.stdin!.on('error', () => undefined);
  return async () => {
    const next = await Promise.race([lines.next(), fails]);
    if (next instanceof Error) throw died(name, next.message);
    if (next.done) throw died(name, tail);
    const answer = JSON.parse(next.value) as {readonly error?: string};
    if (answer.error !== undefined) throw died(name, answer.error);
    return answer;
  };
}

function died(name: string, said: string): UserError {
  return new UserError(`${name}: expected an answer, got:\n${said.trim() || 'the end of the process'}`, {
    exit: exitCodes.engine,
    tryThis: 'fewer contenders at a time, if the memory was short: --contenders NAME,NAME',
  });
}

/** Lets a child end by itself, and makes it end after ten seconds. */
function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const impatience = setTimeout(() => child.kill('SIGKILL'), 10_000);
    child.once('close', () => {
      clearTimeout(impatience);
      resolve();
    });
    child.stdin!.end();
  });
}
