import * as tf from '@tensorflow/tfjs-core';
import {BugError} from '../../support/errors.js';
import {checkFinite} from '../finite-check.js';
import {dtypeOf} from '../host-array.js';
import type {
  ArrayForm,
  CompiledStep,
  CompileOptions,
  HostArray,
  HostArrays,
  Precision,
  Step,
  StepNumbers,
} from '../step.js';
import {stepNumbers} from '../reported-numbers.js';
import {
  checkReplacement,
  copyOf,
  isConstant,
  originOf,
  requiredScalar,
  type HostScalars,
} from '../step-inputs.js';
import {recordStep, stepNodes, type RecordedStep} from './record-step.js';
import {batchFeeds, feedName} from './recording.js';
import {openSession, setVariables, type Session} from './session.js';

/** A recorded step at work. */
interface Live {
  readonly recorded: RecordedStep;
  readonly session: Session;
  readonly shapes: string;
}

/**
 * A step that runs as one TensorFlow graph: weights, moments and state live in the session, batches and scalars are
 * fed. It is recorded at its first run, and again when the shapes of a batch change.
 */
export function capturedStep(
  step: Step,
  options: CompileOptions,
  precision: Precision = 'fp32',
): CompiledStep {
  return new CapturedStep(step, options, precision);
}

/** Bytes of values that are fetched together for readers that go from entry to entry, as a checkpoint does. */
const fetchBytes = 64 * 2 ** 20;

class CapturedStep implements CompiledStep {
  private live: Live | undefined;
  /** As given, without the values: they are held in `known` until the session has them. */
  private readonly options: CompileOptions;
  private readonly entries: readonly string[];
  /** The entries that are not constants. */
  private readonly open: ReadonlySet<string>;
  /** Values that are not in the session yet, or that were fetched and are still current. */
  private known: Map<string, HostArray>;
  /** Names in `known` that the session does not have. */
  private readonly pending: Set<string>;
  /** Names of zeros that the session does not have. */
  private readonly zeros: Set<string>;

  constructor(
    private readonly step: Step,
    options: CompileOptions,
    private readonly precision: Precision,
  ) {
    const all = {...options.weights, ...options.constants};
    const {constants: _, ...rest} = options;
    this.options = {...rest, weights: withoutValues(all), state: withoutValues(options.state)};
    const [weights, state] = [named('weights', all), named('state', options.state)];
    this.known = new Map([...weights, ...state]);
    this.pending = new Set(this.known.keys());
    const moments = ['moment1', 'moment2'].flatMap((kind) =>
      [...options.trained].map((name) => `${kind}/${name}`),
    );
    this.zeros = new Set(moments);
    // as files are written, so that what is fetched with an entry is what comes after it
    this.entries = [...weights.keys(), ...moments, ...state.keys()].sort();
    this.open = new Set(this.entries.filter((name) => !isConstant(name, options)));
  }

  run(batch: HostArrays, scalars: HostScalars): StepNumbers {
    const feeds = feedsOf(batch, scalars, this.options);
    const {recorded, session} = this.liveFor(batch, scalars);
    this.flush();
    const [numbers] = session.run(feeds, [stepNodes.numbers]);
    this.forget(recorded);
    const result = stepNumbers(numbers!.data, recorded.reported);
    checkFinite(requiredScalar(scalars, 'step'), result, () => {
      const [flags] = session.run(feeds, [stepNodes.finiteGradients]);
      return recorded.gradients.find((_name, i) => flags!.data[i] === 0);
    });
    return result;
  }

  names(): readonly string[] {
    return [...this.open];
  }

  form(name: string): ArrayForm {
    this.checkName(name);
    const {shape, data} = originOf(name, this.options);
    return {shape, dtype: dtypeOf(data)};
  }

  read(name: string): HostArray {
    this.checkName(name);
    return copyOf(this.held(name));
  }

  private held(name: string): HostArray {
    if (this.zeros.has(name)) return zerosLike(originOf(name, this.options));
    const known = this.known.get(name);
    if (known !== undefined) return known;
    const {recorded, session} = this.live!;
    const group = this.groupFrom(name, recorded);
    const values = session.run(
      {},
      group.map((each) => recorded.held.get(each)!.read),
    );
    // one group at a time is kept on the host
    this.forget(recorded);
    group.forEach((each, i) => this.known.set(each, values[i]!));
    return this.known.get(name)!;
  }

  /** Entries to fetch with one: those that follow it, up to some bytes. A scalar alone, since it is read every step. */
  private groupFrom(name: string, {held}: RecordedStep): readonly string[] {
    if (originOf(name, this.options).shape.length === 0) return [name];
    const group: string[] = [];
    let bytes = 0;
    for (const entry of this.entries.slice(this.entries.indexOf(name))) {
      if (this.open.has(entry) !== this.open.has(name)) continue;
      if (!held.has(entry) || this.pending.has(entry) || this.zeros.has(entry)) continue;
      bytes += 4 * sizeOf(originOf(entry, this.options));
      if (group.length > 0 && bytes > fetchBytes) break;
      group.push(entry);
    }
    return group;
  }

  write(name: string, value: HostArray): void {
    checkReplacement(name, this.form(name), value);
    this.known.set(name, copyOf(value));
    this.pending.add(name);
    this.zeros.delete(name);
  }

  dispose(): void {
    this.live?.session.dispose();
    this.live = undefined;
    this.known.clear();
  }

  /** Drops what the session has too; what waits to be written, and what no graph holds, stays. */
  private forget({held}: RecordedStep): void {
    for (const name of this.known.keys()) {
      if (held.has(name) && !this.pending.has(name)) this.known.delete(name);
    }
  }

  private checkName(name: string): void {
    if (!this.open.has(name)) throw new BugError(`compiled step: expected a name that it holds, got ${name}`);
  }

  private liveFor(batch: HostArrays, scalars: HostScalars): Live {
    const shapes = JSON.stringify([
      Object.entries(batch).map(([name, {shape, data}]) => [name, shape, data.constructor.name]),
      Object.keys(scalars),
    ]);
    if (this.live?.shapes === shapes) return this.live;
    if (this.live) this.moveOut();
    const inputs = {batch, scalars: Object.keys(scalars)};
    const recorded = recordStep(this.step, this.options, inputs, this.precision);
    this.live = {recorded, session: openSession(recorded.nodes), shapes};
    return this.live;
  }

  /** Takes everything out of the session, which is then closed. */
  private moveOut(): void {
    const all = this.entries.filter((name) => !this.zeros.has(name));
    const values = new Map(all.map((name) => [name, copyOf(this.held(name))] as const));
    this.dispose();
    this.known = values;
    for (const name of all) this.pending.add(name);
  }

  /**
   * Writes what is pending into the session. What a graph does not hold, as moments of a weight that the loss does not
   * reach, stays on the host.
   */
  private flush(): void {
    const {recorded, session} = this.live!;
    const zeros = [...this.zeros].filter((name) => recorded.zeroed.has(name));
    if (zeros.length > 0) {
      session.run(
        {},
        zeros.map((name) => recorded.zeroed.get(name)!),
      );
    }
    for (const name of zeros) this.zeros.delete(name);
    const written = [...this.pending].filter((name) => recorded.held.has(name));
    setVariables(
      session,
      written.map((name) => [recorded.held.get(name)!, this.known.get(name)!]),
    );
    this.pending.clear();
  }
}

function named(kind: string, arrays: HostArrays): Map<string, HostArray> {
  return new Map(Object.entries(arrays).map(([name, array]) => [`${kind}/${name}`, array]));
}

/** Shapes and element types, with no elements. */
function withoutValues(arrays: HostArrays): HostArrays {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, {shape, data}]) => [name, {shape, data: data.subarray(0, 0).slice()}]),
  );
}

function sizeOf({shape}: Pick<HostArray, 'shape'>): number {
  return tf.util.sizeFromShape([...shape]);
}

function zerosLike({shape}: HostArray): HostArray {
  return {shape, data: new Float32Array(sizeOf({shape}))};
}

function feedsOf(
  batch: HostArrays,
  scalars: HostScalars,
  {optimizer}: CompileOptions,
): Record<string, HostArray> {
  const step = requiredScalar(scalars, 'step');
  const learningRate = requiredScalar(scalars, 'learningRate');
  const beta2Power = optimizer.beta2 ** step;
  return {
    ...batchFeeds(batch),
    ...Object.fromEntries(
      Object.entries(scalars).map(([name, value]) => [feedName('scalars', name), scalar(value)]),
    ),
    [stepNodes.beta1Power]: scalar(optimizer.beta1 ** step),
    [stepNodes.beta2Power]: scalar(beta2Power),
    [stepNodes.epsilon]: scalar(optimizer.epsilon * Math.sqrt(1 - beta2Power)),
    [stepNodes.kept]: scalar(1 - learningRate * optimizer.weightDecay),
  };
}

function scalar(value: number): HostArray {
  return {shape: [], data: Float32Array.of(value)};
}
