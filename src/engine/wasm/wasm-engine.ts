import {createRequire} from 'node:module';
import {dirname, join} from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type {KernelConfig} from '@tensorflow/tfjs-core';
import {setWasmPaths} from '@tensorflow/tfjs-backend-wasm';
import {registerGradients} from '../register-gradients.js';
import {batchMatMulKernel} from './batch-mat-mul.js';
import {conv2DBackpropFilterKernel} from './conv2d-backprop-filter.js';
import {conv2DBackpropInputKernel} from './conv2d-backprop-input.js';
import {transposeKernel} from './transpose.js';
import {unsortedSegmentSumKernel} from './unsorted-segment-sum.js';

/**
 * Starts tfjs's WebAssembly backend (with SIMD; tfjs has no threads in Node) with what it lacks: two kernels that
 * gradients need, and faster ones for three.
 */
export async function startWasm(): Promise<void> {
  registerGradients();
  registerKernels();
  setWasmPaths(`${wasmFolder()}/`);
  const before = processListeners();
  await tf.setBackend('wasm');
  // its module makes every uncaught error a crash of its own kind, with its source code on the console
  for (const [event, listeners] of processListeners()) {
    for (const listener of listeners)
      if (!before.get(event)!.includes(listener)) process.off(event, listener);
  }
}

function registerKernels(): void {
  if (tf.getKernel('UnsortedSegmentSum', 'wasm') !== undefined) return; // done before
  tf.registerKernel(unsortedSegmentSumKernel);
  tf.registerKernel(conv2DBackpropFilterKernel);
  replaceKernel('BatchMatMul', batchMatMulKernel);
  replaceKernel('Transpose', transposeKernel);
  replaceKernel('Conv2DBackpropInput', conv2DBackpropInputKernel);
}

function replaceKernel(name: string, replacement: (shipped: KernelConfig) => KernelConfig): void {
  const shipped = tf.getKernel(name, 'wasm');
  tf.unregisterKernel(name, 'wasm');
  tf.registerKernel(replacement(shipped));
}

function wasmFolder(): string {
  const require = createRequire(import.meta.url);
  return join(dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'dist');
}

type Listener = (...args: unknown[]) => void;

function processListeners(): Map<string, Listener[]> {
  const events = ['uncaughtException', 'unhandledRejection'];
  return new Map(events.map((event) => [event, process.listeners(event as 'exit') as Listener[]]));
}
