import {execFileSync} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import {availableParallelism, cpus, loadavg, totalmem} from 'node:os';
import {join} from 'node:path';
import {readCpuFlags} from '../../src/support/cpu-flags.js';
import {packageRoot} from '../../src/support/package-root.js';

/** What figures were measured on: they mean nothing without it. */
export interface Machine {
  readonly date: string;
  readonly commit: string;
  readonly node: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryBytes: number;
  /** Units for products of bfloat16, by Linux's names. */
  readonly bf16: readonly string[];
  /** Processes that ran or wanted to, over the last minute before the bench. */
  readonly loadBefore: number;
}

/** Where a copy without a repository keeps its commit. */
export const commitFile = 'COMMIT';

/** The present machine. */
export function machine(): Machine {
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: commit(),
    node: process.version,
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    bf16: bf16Units(),
    loadBefore: loadavg()[0]!,
  };
}

/** Above this load other work takes part of the machine. */
const idleLoad = 0.5;

/** The machine in a few lines; says so when it was not idle. */
export function machineText(facts: Machine): string {
  const {processor, cores, memoryBytes, bf16, loadBefore, node, commit, date} = facts;
  const busy =
    loadBefore > idleLoad
      ? `\nNOT IDLE: the load was ${loadBefore.toFixed(2)} before, so do not keep these figures.`
      : '';
  const units = bf16.length === 0 ? 'no bf16 units' : bf16.join(', ');
  return (
    `${date}, commit ${commit}, Node ${node}\n` +
    `${processor}, ${cores} cores, ${(memoryBytes / 2 ** 30).toFixed(0)} GiB, ${units}${busy}\n`
  );
}

function bf16Units(): string[] {
  const flags = readCpuFlags();
  return (['avx512_bf16', 'amx_bf16'] as const).filter((unit) => flags?.[unit]);
}

/** The commit of the sources; a copy that was prepared for another machine has it in a file. */
function commit(): string {
  const cwd = packageRoot();
  const kept = join(cwd, commitFile);
  if (existsSync(kept)) return readFileSync(kept, 'utf8').trim();
  const git = (...args: string[]) =>
    execFileSync('git', args, {cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore']}).trim();
  try {
    const changed = git('status', '--porcelain', '--', 'src', 'commands', 'bench') !== '';
    return `${git('rev-parse', '--short', 'HEAD')}${changed ? ' and uncommitted changes' : ''}`;
  } catch {
    return 'unknown';
  }
}
