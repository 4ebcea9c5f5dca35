// Installs an engine in a process of its own, for tests that kill it or run several:
//   node --import tsx install-child.ts '<surroundings as JSON>'
// Prints one line an event, and the result or the error last.
import {installEngine, type InstallSurroundings} from '../../src/app/install-engine.js';

const surroundings = JSON.parse(process.argv[2]!) as Omit<InstallSurroundings, 'freeBytes'>;
const print = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`);

installEngine({onEvent: print}, {...surroundings, freeBytes: () => Promise.resolve(1e12)}).then(
  (result) => print({type: 'result', ...result}),
  (error: Error) => print({type: 'error', message: error.message}),
);
