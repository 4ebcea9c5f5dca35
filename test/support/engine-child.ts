import {createRequire} from 'node:module';
import * as tf from '@tensorflow/tfjs-core';
import {startEngine, type EngineChoice} from '../../src/engine/backend.js';

/**
 * A process that starts an engine, multiplies two numbers on it and reports in one JSON line. Arguments: the engine,
 * and `without-util` to take away what Node 23 took away, `throw` to end with an uncaught error.
 */
const [engine, ...wishes] = process.argv.slice(2) as [EngineChoice, ...string[]];
const util = createRequire(import.meta.url)('node:util') as Record<string, unknown>;
if (wishes.includes('without-util')) for (const name of ['isNullOrUndefined', 'isArray']) delete util[name];
const info = await startEngine(engine);
const product = tf.mul(tf.tensor1d([6]), tf.tensor1d([7])).dataSync()[0];
const listeners = ['uncaughtException', 'unhandledRejection'].map((event) => process.listenerCount(event));
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => name.startsWith('TF_')),
);
console.log(JSON.stringify({info, product, listeners, environment}));
if (wishes.includes('throw')) throw new Error('thrown for the test');
