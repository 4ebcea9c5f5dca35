import {writeJsonAtomically} from '../../src/support/atomic-file.js';
import {machine, machineText} from './machine.js';

/** Where a bench puts what it finds. */
export interface BenchOutput {
  /** Figures for people, on stdout as soon as they are there. */
  text(text: string): void;
  /** What is going on, on stderr. */
  progress(message: string): void;
  /** Everything, for `--json`. */
  json(figures: unknown): Promise<void>;
}

/** Begins the output of a bench with the machine it runs on. */
export function openOutput(bench: string, jsonFile: string | undefined): BenchOutput {
  const facts = machine();
  process.stdout.write(`bench ${bench}\n${machineText(facts)}\n`);
  return {
    text: (text) => process.stdout.write(`${text}\n`),
    progress: (message) => process.stderr.write(`${message}\n`),
    json: async (figures) => {
      if (jsonFile !== undefined) await writeJsonAtomically(jsonFile, {bench, machine: facts, figures});
    },
  };
}

/** The option of every bench. */
export const jsonOption = {
  json: {type: 'string', value: 'FILE', text: 'write all figures there, too'},
} as const;
