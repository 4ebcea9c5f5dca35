import * as tf from '@tensorflow/tfjs-core';
import type {Tensor, Variable} from '@tensorflow/tfjs-core';
import {BugError} from '../support/errors.js';
import {adamW, adamWNumbers} from './adamw.js';
import {clipFactor, gradientNorm} from './clip-norm.js';
import {differentiate, type Differentiated} from './differentiate.js';
import {checkFinite} from './finite-check.js';
import {toHostArray, toTensor, toTensors} from './host-array.js';
import {reportedNames, reportedValues, stepNumbers} from './reported-numbers.js';
import type {
  ArrayForm,
  CompiledStep,
  CompileOptions,
  HostArray,
  Scalars,
  Step,
  StepNumbers,
  Tensors,
} from './step.js';
import {checkReplacement, copyOf, isConstant, requiredScalar, type HostScalars} from './step-inputs.js';

/** What lives on between steps, keyed `weights/<name>`, `moment1/<name>`, `moment2/<name>`, `state/<name>`. */
type Held = ReadonlyMap<string, Variable>;

/**
 * A step that runs operation by operation on the current tfjs backend: works on every engine, and is the oracle for
 * every other way to run a step. As in PyTorch a trained weight that the loss does not reach is left alone (neither
 * updated nor decayed), while one whose gradient is zero is decayed and its moments fade.
 */
export function eagerStep(step: Step, options: CompileOptions): CompiledStep {
  const held = hold(options);
  const weights = part(held, 'weights');
  const state = part(held, 'state');
  const trained = new Map([...options.trained].map((name) => [name, entry(held, `weights/${name}`)]));
  const differentiateStep = (batch: Tensors, scalars: Scalars): Differentiated =>
    differentiate(() => step(weights, state, batch, scalars), trained, state);
  return {
    run: (batch, scalars) => {
      const fed = {batch: toTensors(batch), scalars: toScalars(scalars)};
      try {
        const differentiated = differentiateStep(fed.batch, fed.scalars);
        try {
          return advance(held, differentiated, scalars, options);
        } finally {
          differentiated.dispose();
        }
      } finally {
        tf.dispose(fed);
      }
    },
    names: () => [...held.keys()].filter((name) => !isConstant(name, options)).sort(),
    form: (name) => formOf(entry(held, name)),
    read: (name) => toHostArray(entry(held, name)),
    write: (name, value) => overwrite(entry(held, name), name, value),
    dispose: () => tf.dispose([...held.values()]),
  };
}

function hold({weights, constants = {}, trained, state}: CompileOptions): Held {
  const zeros = [...trained].map((name): [string, HostArray] => {
    const {shape, data} = weights[name]!;
    return [name, {shape, data: new Float32Array(data.length)}];
  });
  const arrays = [
    ...Object.entries(weights).map(([name, value]) => [`weights/${name}`, value, trained.has(name)] as const),
    ...zeros.map(([name, value]) => [`moment1/${name}`, value, false] as const),
    ...zeros.map(([name, value]) => [`moment2/${name}`, value, false] as const),
    ...Object.entries(state).map(([name, value]) => [`state/${name}`, value, false] as const),
    ...Object.entries(constants).map(([name, value]) => [`weights/${name}`, value, false] as const),
  ];
  return new Map(arrays.map(([name, value, isTrained]) => [name, toVariable(value, isTrained)]));
}

function toVariable(value: HostArray, trainable: boolean): Variable {
  // tfjs may go on reading an array that it was given, so what is held for long is a copy
  const initial = toTensor(copyOf(value));
  const variable = tf.variable(initial, trainable);
  initial.dispose();
  return variable;
}

/** The entries under a prefix, by their short names. */
function part(held: Held, prefix: string): Tensors {
  const entries = [...held].filter(([name]) => name.startsWith(`${prefix}/`));
  return Object.fromEntries(entries.map(([name, variable]) => [name.slice(prefix.length + 1), variable]));
}

function entry(held: Held, name: string): Variable {
  const variable = held.get(name);
  if (variable === undefined) throw new BugError(`compiled step: expected a name that it holds, got ${name}`);
  return variable;
}

function formOf({shape, dtype}: Variable): ArrayForm {
  return {shape, dtype: dtype === 'int32' ? 'int32' : 'float32'};
}

function overwrite(variable: Variable, name: string, value: HostArray): void {
  checkReplacement(name, variable, value);
  const next = toTensor(copyOf(value));
  variable.assign(next);
  next.dispose();
}

function toScalars(scalars: HostScalars): Scalars {
  return Object.fromEntries(
    Object.entries(scalars).map(([name, value]) => [name, tf.scalar(value, 'float32')]),
  );
}

/** Checks the numbers of a differentiated step, then updates weights, moments and state. */
function advance(
  held: Held,
  differentiated: Differentiated,
  scalars: HostScalars,
  options: CompileOptions,
): StepNumbers {
  const {gradients, state} = differentiated;
  const norm = gradientNorm(Object.values(gradients));
  try {
    const numbers = readNumbers(differentiated, norm);
    checkFinite(requiredScalar(scalars, 'step'), numbers, () =>
      Object.keys(gradients).find((name) => !isFiniteTensor(gradients[name]!)),
    );
    const factor = options.clipNorm === undefined ? undefined : clipFactor(norm, options.clipNorm);
    updateWeights(held, gradients, {scalars, factor, options});
    factor?.dispose();
    for (const [name, value] of Object.entries(state)) entry(held, `state/${name}`).assign(value);
    return numbers;
  } finally {
    norm.dispose();
  }
}

function isFiniteTensor(tensor: Tensor): boolean {
  return tensor.dataSync().every((value) => Number.isFinite(value));
}

/** All numbers of a step in one transfer: the host waits for the engine once. */
function readNumbers(differentiated: Differentiated, norm: Tensor): StepNumbers {
  const stacked = tf.stack([differentiated.loss, norm, ...reportedValues(differentiated)]);
  const values = stacked.dataSync();
  stacked.dispose();
  return stepNumbers(values, reportedNames(differentiated));
}

interface UpdateOptions {
  readonly scalars: HostScalars;
  /** What the gradients are multiplied by; undefined: nothing. */
  readonly factor: Tensor | undefined;
  readonly options: CompileOptions;
}

function updateWeights(held: Held, gradients: Tensors, {scalars, factor, options}: UpdateOptions): void {
  const {optimizer, decayed, clamped} = options;
  const numbers = adamWNumbers(
    requiredScalar(scalars, 'step'),
    requiredScalar(scalars, 'learningRate'),
    optimizer,
  );
  for (const [name, raw] of Object.entries(gradients)) {
    tf.tidy(() => {
      const weight = entry(held, `weights/${name}`);
      const moment1 = entry(held, `moment1/${name}`);
      const moment2 = entry(held, `moment2/${name}`);
      const gradient = factor === undefined ? raw : tf.mul(raw, factor);
      const tensors = {weight, gradient, moment1, moment2};
      const next = adamW(tensors, numbers, optimizer, {isDecayed: decayed.has(name)});
      const interval = clamped[name];
      weight.assign(
        interval === undefined ? next.weight : tf.clipByValue(next.weight, interval[0], interval[1]),
      );
      moment1.assign(next.moment1);
      moment2.assign(next.moment2);
    });
  }
}
