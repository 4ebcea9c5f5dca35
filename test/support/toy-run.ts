import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import type {RunEvent} from '../../src/app/events.js';
import type {UnpairedUse} from '../../src/app/training/decide-unpaired.js';
import {commandLine} from './command-line.js';

/** A run of the toy domain in a few seconds, in float32 on any engine and processor; it leaves the last weights. */
export function toyRun(model: string, out: string, ...more: readonly string[]): string[] {
  return [...selectingToyRun(model, out), '--select', 'last', ...more];
}

/** The same with weights chosen by captioned images that are kept back. */
export function selectingToyRun(model: string, out: string): string[] {
  const sizes = ['--steps', '6', '--batch', '8', '--checkpoint-every', '2', '--precision', 'fp32'];
  return ['adapt', '--domain', 'toy', '--model', model, ...sizes, '--out', out, '--format', 'json'];
}

/** Starts the command line and acts once at the first event that matches; resolves with how it ended. */
export async function runUntil(
  args: readonly string[],
  matches: (event: RunEvent) => boolean,
  act: (child: ReturnType<typeof spawn>) => void,
): Promise<{readonly code: number | null; readonly signal: string | null; readonly stderr: string}> {
  const entry = commandLine();
  const child = spawn(process.execPath, [...entry, ...args], {stdio: ['ignore', 'pipe', 'pipe']});
  let pending = '';
  let stderr = '';
  let acted = false;
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (pending + chunk).split('\n');
    pending = lines.pop()!;
    if (acted || !lines.some((line) => matches(JSON.parse(line) as RunEvent))) return;
    acted = true;
    act(child);
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return {code, signal, stderr};
}

/** What a finished run wrote. */
export function resultOf(out: string): {
  readonly weightsSha256: string;
  readonly steps: number;
  readonly unpairedOrder: UnpairedUse['order'] | null;
} {
  return JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')) as ReturnType<typeof resultOf>;
}
