import type {Scalar} from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type {HostArrays, Scalars, Step, Tensors} from '../../engine/step.js';
import {constant} from '../../losses/constant.js';
import type {ClipConfig} from '../../model/clip-config.js';
import {createEncoders, type EncoderOptions, type StatefulEncoders} from '../../model/encoders.js';
import {BugError} from '../../support/errors.js';
import {batchView} from './batch-view.js';
import type {Encoders, Method, MethodContext, Objective, Term, Terms} from './method.js';
import type {Needs} from './needs.js';
import {once} from './once.js';
import {ownInputs} from './own-inputs.js';
import {nothingOutside, type Outside} from './outside.js';
import {
  ofParts,
  ownEntries,
  partsNeeds,
  reweighted,
  sharedEntries,
  startOwner,
  teacherOwner,
  type Part,
} from './parts.js';
import {supervisedTerms} from './supervised.js';
import {teacherEncoders} from './teacher-encoders.js';
import {total} from './total.js';

export interface PartsStepOptions {
  /** Rows that the towers take at a time, for less memory; the objective stays that of the batch. */
  readonly microBatch?: number | undefined;
}

/**
 * The training step of the methods of a run: both towers in training mode, for each method what it declares, and the
 * weighted sum of all terms. Weights, state and scalars of a method's own are named `<method>/<name>`.
 */
export function partsStep(parts: readonly Part[], config: ClipConfig, options: PartsStepOptions = {}): Step {
  return (weights, state, batch, scalars) => {
    const {encode, contexts} = openContexts(parts, config, {weights, state, batch, scalars}, options);
    const objectives = parts.map(({method}, i) => method.objective?.(contexts[i]!) ?? {});
    const {paired} = batchView(batch, {});
    const terms = joinedTerms(parts, objectives, () => supervisedTerms(encode, paired));
    const {loss, terms: values} = total(terms);
    const logged = loggedValues(parts, objectives);
    return {
      ...{loss, terms: values, state: {...encode.nextState(), ...nextState(parts, objectives)}},
      ...(Object.keys(logged).length > 0 && {logged}),
    };
  };
}

/** First values that the methods read off a batch, each named `<method>/<name>`. Not for a recorded step. */
export function calibrated(parts: readonly Part[], config: ClipConfig, given: StepInputs): HostArrays {
  const {contexts} = openContexts(parts, config, given, {});
  return ofParts(parts, ({method}, i) => Object.entries(method.calibrate?.(contexts[i]!) ?? {}));
}

/** What a step is called with. */
interface StepInputs {
  /** Of towers, methods and the model before the run. */
  readonly weights: Tensors;
  readonly state: Tensors;
  readonly batch: Tensors;
  readonly scalars: Scalars;
}

/** What each method of a run sees of a step. */
function openContexts(
  parts: readonly Part[],
  config: ClipConfig,
  {weights: all, state: allState, batch, scalars}: StepInputs,
  {microBatch}: PartsStepOptions,
): {readonly encode: StatefulEncoders; readonly contexts: readonly MethodContext<Needs, Part['params']>[]} {
  const {tokens} = partsNeeds(parts);
  const weights = reweighted(parts, config, all);
  const statistics = sharedEntries(allState);
  const options: EncoderOptions = {training: true, microBatch, tokens, derived: changedNames(weights, all)};
  const encode = createEncoders(config, weights, statistics, options);
  const constant = {...options, training: false, derived: new Set<string>()};
  const encodersOf = (other: Tensors) => createEncoders(config, other, statistics, constant);
  const start = once(() => {
    const frozen = ownEntries(all, startOwner);
    return createEncoders(config, frozen, frozen, constant);
  });
  const taught = (method: Method, {teachers}: Outside) =>
    mapEntries(teachers, ([name, {config: own}]) =>
      teacherEncoders(own, config, ownEntries(all, teacherOwner(method, name))),
    );
  const contexts = parts.map(({method, params, weight, outside = nothingOutside}) => ({
    ...{config, params, encode, encodersOf, weights},
    teachers: taught(method, outside),
    batch: batchView(batch, method.needs),
    start: partsNeeds([{method, params, weight}]).start ? start() : undeclared(method, 'start'),
    extras: ownEntries(all, method),
    state: ownEntries(allState, method),
    scalars: ownEntries(scalars, method),
    ...ownInputs(batch, method),
  }));
  return {encode, contexts};
}

function mapEntries<T, U>(
  all: Readonly<Record<string, T>>,
  change: (entry: [string, T]) => U,
): Record<string, U> {
  return Object.fromEntries(Object.entries(all).map((entry) => [entry[0], change(entry)]));
}

/** Names of the weights that a method has put something else in the place of. */
function changedNames(weights: Tensors, before: Tensors): ReadonlySet<string> {
  return new Set(Object.keys(weights).filter((name) => weights[name] !== before[name]));
}

/** Encoders that say who forgot to declare them. */
function undeclared({name}: Method, need: string): Encoders {
  const fail = (): never => {
    throw new BugError(`method ${name}: expected it to declare that it needs ${need}, got no declaration`);
  };
  return {
    images: fail,
    texts: fail,
    imageTokens: fail,
    textTokens: fail,
    words: fail,
    wordRows: fail,
    wordRowTokens: fail,
    get scale() {
      return fail();
    },
  };
}

/**
 * The terms of a run: one method's loss on the pairs, then all others in the order of the methods, those of every method
 * but the first as `<method>.<term>`.
 */
export function joinedTerms(
  parts: readonly Part[],
  objectives: readonly Objective[],
  supervised: () => Terms,
): Terms {
  const others = objectives.flatMap(({terms = {}}, i) => {
    const {method, weight} = parts[i]!;
    return Object.entries(terms).map(([name, term]): [string, Term] => [
      i === 0 ? name : `${method.name}.${name}`,
      {...term, weight: product(term.weight, weight)},
    ]);
  });
  return {...(pairsOf(parts, objectives) ?? supervised()), ...Object.fromEntries(others)};
}

function pairsOf(parts: readonly Part[], objectives: readonly Objective[]): Terms | undefined {
  const claimant = parts.findIndex(({method}) => method.claims?.includes('pairs'));
  return objectives[claimant]?.pairs ?? objectives.find(({pairs}) => pairs !== undefined)?.pairs;
}

function product(weight: Term['weight'], factor: number): Term['weight'] {
  if (factor === 1 || weight === 0) return weight;
  if (typeof weight === 'number') return weight * factor;
  return factor === 0 ? 0 : tf.mul<Scalar>(weight, factor);
}

/** What the methods log, that of every method but the first as `<method>.<name>`. */
function loggedValues(parts: readonly Part[], objectives: readonly Objective[]): Record<string, Scalar> {
  const values = objectives.flatMap(({logged = {}}, i) => {
    const {method, weight} = parts[i]!;
    if (weight === 0) return [];
    return Object.entries(logged).map(([name, value]): [string, Scalar] => [
      i === 0 ? name : `${method.name}.${name}`,
      constant(value),
    ]);
  });
  return Object.fromEntries(values);
}

function nextState(parts: readonly Part[], objectives: readonly Objective[]): Tensors {
  return ofParts(parts, (_, i) =>
    Object.entries(objectives[i]!.state ?? {}).map(([name, value]) => [name, value()] as const),
  );
}
