import type {HostArray, HostArrays, Tensors} from '../../engine/step.js';
import type {ClipConfig} from '../../model/clip-config.js';
import {drawWeight} from '../../model/random-model.js';
import {UserError} from '../../support/errors.js';
import {claims, type Claim} from './claims.js';
import type {Method, Progress, RunSizes} from './method.js';
import {unitedNeeds, type Needs} from './needs.js';
import {nothingOutside, type Outside} from './outside.js';

/** A method at work in a run. */
export interface Part {
  readonly method: Method;
  /** As parsed by the method's own schema. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Factor of its terms; the loss on the pairs has none. */
  readonly weight: number;
  /** What it reads from outside the run, once that is opened; left out: nothing. */
  readonly outside?: Outside;
}

/** A method by itself, at its defaults but for what is given. */
export function partOf(method: Method, params: Readonly<Record<string, unknown>> = {}): Part {
  return {method, params: method.params.parse(params), weight: 1};
}

/** What the parts read together. One at weight 0 needs no tokens: they would be made for nothing, and round otherwise. */
export function partsNeeds(parts: readonly Part[]): Needs {
  return unitedNeeds(parts.map(partNeeds));
}

function partNeeds({method, params, weight}: Part): Needs {
  const {start, ...others} = method.needs;
  const needs = start && (method.readsStart?.(params) ?? true) ? {...others, start} : others;
  return weight === 0 ? {...needs, tokens: []} : needs;
}

/** Whether a run of these parts takes training steps: the method that decides says so. */
export function takesSteps([first]: readonly Part[]): boolean {
  return first?.method.steps !== false;
}

/** @throws UserError when a method stands there twice, two claim the same, or one would do nothing beside another */
export function checkParts(parts: readonly Part[]): void {
  const names = parts.map(({method}) => method.name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new UserError(`methods: expected each only once, got ${twice} twice`);
  const idle = takesSteps(parts) ? undefined : parts.find(({method}) => trainsSomething(method));
  if (idle) {
    throw new UserError(
      `methods: expected none that trains beside ${names[0]}, which takes no steps, got ${idle.method.name}`,
      {tryThis: `--method ${idle.method.name} --with ${names[0]}`},
    );
  }
  for (const claim of Object.keys(claims) as Claim[]) {
    const [first, second] = parts.filter(({method}) => method.claims?.includes(claim));
    if (first && second) {
      throw new UserError(
        `methods: expected one that decides ${claims[claim]}, got ${first.method.name} and ${second.method.name}`,
        {tryThis: 'leave out one of the two'},
      );
    }
  }
  const still = parts.find(leavesTowers)?.method.name;
  const vain = parts.find(
    ({method}) => method.name !== still && (trainsSomething(method) || 'finish' in method),
  );
  if (still !== undefined && vain) {
    throw new UserError(
      `methods: expected none that changes the towers beside ${still}, which leaves them as they are, got ${vain.method.name}`,
      {tryThis: 'two runs, one after the other'},
    );
  }
}

/** Whether nothing of a CLIP trains. */
function leavesTowers({method, params}: Part): boolean {
  if (!method.trains || 'reweight' in method) return false;
  return !['visual.proj', 'text_projection', 'logit_scale'].some((name) => method.trains!(name, params));
}

/** What is neither an average nor a solution of what is there trains, if only by the loss of CLIP. */
function trainsSomething(method: Method): boolean {
  const isTraining = 'objective' in method || 'trains' in method || 'reweight' in method;
  return isTraining || !('finish' in method || 'solve' in method);
}

/** Whether a weight of the towers trains: all parts must let it. */
export function trainsWeight(parts: readonly Part[], name: string): boolean {
  return parts.every(({method, params}) => method.trains?.(name, params) ?? true);
}

/** Of a run that is not known: for methods whose weights and state do not depend on it. */
const noSizes: RunSizes = {captioned: 0, keywords: 0};

/** The first values of the methods' own weights, each named `<method>/<name>`. */
export function extraWeights(
  parts: readonly Part[],
  config: ClipConfig,
  seed: number,
  sizes: RunSizes = noSizes,
): HostArrays {
  return ofParts(parts, ({method, params, outside = nothingOutside}, p) => {
    const extras = Object.entries(method.extras?.({config, params, sizes, outside}) ?? {});
    return extras.map(([name, {shape, initial}], i): [string, HostArray] => [
      name,
      drawWeight(initial, shape, [seed, p, i]),
    ]);
  });
}

/** The first state of the methods, each entry named `<method>/<name>`. */
export function firstState(
  parts: readonly Part[],
  config: ClipConfig,
  start: HostArrays,
  sizes: RunSizes = noSizes,
): HostArrays {
  return ofParts(parts, ({method, params, outside = nothingOutside}) =>
    Object.entries(method.state?.({config, params, sizes, outside, start}) ?? {}),
  );
}

/** What the schedules give for a step, each named `<method>/<name>`. */
export function scheduled(parts: readonly Part[], progress: Progress): Readonly<Record<string, number>> {
  return ofParts(parts, ({method, params}) => Object.entries(method.schedule?.(progress, params) ?? {}));
}

/** Whose entries among the weights are the model before the run: its weights and running statistics, as constants. */
export const startOwner = {name: 'start'} as const;

/** The entries of one owner, by their own names. */
export function ownEntries<T>(
  all: Readonly<Record<string, T>>,
  {name}: Pick<Method, 'name'>,
): Readonly<Record<string, T>> {
  const prefix = `${name}/`;
  const own = Object.entries(all).filter(([key]) => key.startsWith(prefix));
  return Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), value]));
}

/** The entries that belong to no method. */
export function sharedEntries<T>(all: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(all).filter(([key]) => !key.includes('/')));
}

/** Whose entries among the weights are a teacher of a method's. */
export function teacherOwner({name}: Pick<Method, 'name'>, teacher: string): Pick<Method, 'name'> {
  return {name: `${name}.${teacher}`};
}

/** The constants that the parts read: the model before the run, and teachers. */
export function constantsOf(parts: readonly Part[], start: HostArrays): HostArrays {
  const owned = ({name: owner}: Pick<Method, 'name'>, arrays: HostArrays) =>
    Object.entries(arrays).map(([name, value]) => [`${owner}/${name}`, value] as const);
  const teachers = parts.flatMap(({method, outside = nothingOutside}) =>
    Object.entries(outside.teachers).flatMap(([name, {arrays}]) => owned(teacherOwner(method, name), arrays)),
  );
  return Object.fromEntries([...(partsNeeds(parts).start ? owned(startOwner, start) : []), ...teachers]);
}

/** The weights of the towers as the parts make them, from all weights that train. */
export function reweighted(parts: readonly Part[], config: ClipConfig, all: Tensors): Tensors {
  return parts.reduce<Tensors>(
    (weights, {method, params}) => ({
      ...weights,
      ...method.reweight?.({config, params, weights, extras: ownEntries(all, method)}),
    }),
    sharedEntries(all),
  );
}

/** Entries of each method, named `<method>/<name>`. */
export function ofParts<T>(
  parts: readonly Part[],
  entries: (part: Part, index: number) => readonly (readonly [string, T])[],
): Record<string, T> {
  return Object.fromEntries(
    parts.flatMap((part, i) =>
      entries(part, i).map(([name, value]) => [`${part.method.name}/${name}`, value] as const),
    ),
  );
}
