import {BugError} from '../support/errors.js';
import {dtypeOf} from './host-array.js';
import type {CompileOptions, HostArray, HostArrays} from './step.js';

/** Scalars of a step on the host, by name. */
export type HostScalars = Readonly<Record<string, number>>;

/** A scalar that a step cannot do without. */
export function requiredScalar(scalars: HostScalars, name: string): number {
  const value = scalars[name];
  if (value === undefined) throw new BugError(`compiled step: expected the scalar ${name}, got none`);
  return value;
}

/** Makes sure that a value can take the place of what is held under a name. */
export function checkReplacement(
  name: string,
  held: {readonly dtype: string; readonly shape: readonly number[]},
  value: HostArray,
): void {
  const given = {dtype: dtypeOf(value.data), shape: value.shape};
  const [expected, got] = [held, given].map(({dtype, shape}) => `${dtype} [${shape.join(', ')}]`);
  if (expected !== got) throw new BugError(`compiled step: ${name}: expected ${expected}, got ${got}`);
}

/** What an entry `weights/<name>`, `moment1/<name>`, `moment2/<name>` or `state/<name>` was made from: moments from weights. */
export function originOf(
  entry: string,
  {weights, state}: {readonly weights: HostArrays; readonly state: HostArrays},
): HostArray {
  const [kind, ...name] = entry.split('/');
  return (kind === 'state' ? state : weights)[name.join('/')]!;
}

/** Whether an entry of that name is one of the constants, which no one but the step sees. */
export function isConstant(entry: string, {constants = {}}: Pick<CompileOptions, 'constants'>): boolean {
  return entry.startsWith('weights/') && Object.hasOwn(constants, entry.slice('weights/'.length));
}

/** What is held is never shared with the caller, who may change it. */
export function copyOf({shape, data}: HostArray): HostArray {
  return {shape, data: data.slice()};
}
