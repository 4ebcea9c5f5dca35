import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {exitCodes, UserError} from '../src/support/errors.js';
import {listModules, loadModule} from '../src/support/module-folder.js';
import type {Bench, BenchValues} from './bench.js';

const folder = fileURLToPath(new URL('./benches', import.meta.url));

/**
 * Runs the bench that the arguments name, or lists the benches.
 * @returns the exit code
 */
export async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  try {
    if (name === undefined || name.startsWith('-')) {
      process.stdout.write(await listing());
      return exitCodes.done;
    }
    const bench = await loadModule<Bench>(folder, name, 'bench');
    if (rest.includes('--help')) process.stdout.write(helpOf(bench));
    else await bench.run(valuesOf(bench, rest));
    return exitCodes.done;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const {message, tryThis, exit} = error;
    process.stderr.write(`bench: ${message}\n${tryThis === undefined ? '' : `Try this: ${tryThis}\n`}`);
    return exit;
  }
}

async function listing(): Promise<string> {
  const names = await listModules(folder);
  const benches = await Promise.all(names.map((name) => loadModule<Bench>(folder, name, 'bench')));
  const lines = benches.map(({name, summary}) => `  ${name.padEnd(7)} ${summary}\n`);
  return `npm run bench -- NAME [--help | options]\n\n${lines.join('')}`;
}

function helpOf({name, summary, options}: Bench): string {
  const lines = Object.entries(options).map(([option, {value, text}]) => {
    const usage = value === undefined ? `--${option}` : `--${option} ${value}`;
    return `  ${usage.padEnd(24)} ${text}\n`;
  });
  return `npm run bench -- ${name} [options]\n${summary}\n\n${lines.join('')}`;
}

function valuesOf({name, options}: Bench, args: readonly string[]): BenchValues {
  try {
    return parseArgs({args: [...args], options: {...options}, strict: true}).values;
  } catch (error) {
    throw new UserError(`${name}: ${error instanceof Error ? error.message : String(error)}`, {
      tryThis: `npm run bench -- ${name} --help`,
    });
  }
}
