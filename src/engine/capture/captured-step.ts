import {BugError} from '../../support/errors.js';
import {checkFinite} from '../finite-check.js';
import {dtypeOf} from '../host-array.js';
import type {
  CompiledStep,
  CompileOptions,
  HostArray,
  HostArrays,
  Precision,
  Step,
  StepNumbers,
} from '../step.js';
import {checkReplacement, copyOf, requiredScalar, type HostScalars} from '../step-inputs.js';
import {recordStep, stepNodes, type RecordedStep} from './record-step.js';
import {feedName, type Held} from './recording.js';
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

class CapturedStep implements CompiledStep {
  private live: Live | undefined;
  /** Values that are not in the session yet, or that were fetched and are still current. */
  private known: Map<string, HostArray>;
  /** Names in `known` that the session does not have. */
  private readonly pending: Set<string>;

  constructor(
    private readonly step: Step,
    private readonly options: CompileOptions,
    private readonly precision: Precision,
  ) {
    this.known = initialValues(options);
    this.pending = new Set(this.known.keys());
    this.entries = [...this.known.keys()];
  }

  private readonly entries: readonly string[];

  run(batch: HostArrays, scalars: HostScalars): StepNumbers {
    const feeds = feedsOf(batch, scalars, this.options);
    const {recorded, session} = this.liveFor(batch, scalars);
    this.flush();
    const [numbers] = session.run(feeds, [stepNodes.numbers]);
    this.forget(recorded);
    const [loss, gradientNorm, ...terms] = numbers!.data;
    const result: StepNumbers = {
      loss: loss!,
      gradientNorm: gradientNorm!,
      terms: Object.fromEntries(recorded.terms.map((name, i) => [name, terms[i]!])),
    };
    checkFinite(requiredScalar(scalars, 'step'), result, () => {
      const [flags] = session.run(feeds, [stepNodes.finiteGradients]);
      return recorded.gradients.find((_name, i) => flags!.data[i] === 0);
    });
    return result;
  }

  names(): readonly string[] {
    return this.entries;
  }

  read(name: string): HostArray {
    return copyOf(this.held(name));
  }

  private held(name: string): HostArray {
    this.checkName(name);
    const known = this.known.get(name);
    if (known !== undefined) return known;
    const {recorded, session} = this.live!;
    const wanted = groupOf(name, this.options);
    const group = this.entries.filter(
      (other) =>
        recorded.held.has(other) && !this.pending.has(other) && groupOf(other, this.options) === wanted,
    );
    const values = session.run(
      {},
      group.map((each) => recorded.held.get(each)!.read),
    );
    // one group at a time is kept on the host: a checkpoint reads group after group
    this.forget(recorded);
    group.forEach((each, i) => this.known.set(each, values[i]!));
    return this.known.get(name)!;
  }

  write(name: string, value: HostArray): void {
    this.checkName(name);
    const {shape, data} = arrayOf(name, this.options);
    checkReplacement(name, {shape, dtype: dtypeOf(data)}, value);
    this.known.set(name, copyOf(value));
    this.pending.add(name);
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
    if (!this.entries.includes(name))
      throw new BugError(`compiled step: expected a name that it holds, got ${name}`);
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
    const all = new Map(this.entries.map((name) => [name, this.read(name)] as const));
    this.dispose();
    this.known = all;
    for (const name of this.entries) this.pending.add(name);
  }

  /** Writes what is pending into the session. */
  private flush(): void {
    if (this.pending.size === 0) return;
    const {recorded, session} = this.live!;
    const held = [...this.pending].flatMap((name): [Held, HostArray][] => {
      const place = recorded.held.get(name);
      // a trained weight that the loss does not reach has no moments in the graph: they stay on the host
      return place ? [[place, this.known.get(name)!]] : [];
    });
    setVariables(session, held);
    this.pending.clear();
  }
}

/** Entries that are fetched together: all of one kind; scalars apart, since those are read every step. */
function groupOf(name: string, options: CompileOptions): string {
  const [kind] = name.split('/');
  return `${kind} ${arrayOf(name, options).shape.length === 0}`;
}

/** The array that an entry was made from: moments have their weight's shape. */
function arrayOf(name: string, {weights, state}: CompileOptions): HostArray {
  const [kind, ...rest] = name.split('/');
  return (kind === 'state' ? state : weights)[rest.join('/')]!;
}

function initialValues({weights, trained, state}: CompileOptions): Map<string, HostArray> {
  const zeros = (name: string): HostArray => {
    const {shape, data} = weights[name]!;
    return {shape, data: new Float32Array(data.length)};
  };
  return new Map([
    ...Object.entries(weights).map(([name, value]) => [`weights/${name}`, copyOf(value)] as const),
    ...[...trained].map((name) => [`moment1/${name}`, zeros(name)] as const),
    ...[...trained].map((name) => [`moment2/${name}`, zeros(name)] as const),
    ...Object.entries(state).map(([name, value]) => [`state/${name}`, copyOf(value)] as const),
  ]);
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
    ...Object.fromEntries(Object.entries(batch).map(([name, array]) => [feedName('batch', name), array])),
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
