import type {Tensor1D, Tensor2D, Tensor4D} from '@tensorflow/tfjs-core';
import type {Tensors} from '../../engine/step.js';
import type {ClipConfig} from '../../model/clip-config.js';
import type {TokenTensors} from '../../model/text-tower.js';
import type {BatchSizes, Method, MethodContext, View} from './method.js';
import type {Needs} from './needs.js';
import type {SideEntries, SideFile} from './outside.js';
import {ofParts, ownEntries, type Part} from './parts.js';

/** A view that a batch must hold, and the entry of the batch that holds it. */
export interface RequestedView {
  readonly entry: string;
  readonly of: 'paired' | 'unpaired';
  readonly area: View['area'];
}

const sources = ['paired', 'unpaired'] as const;

/** All views of the parts: entries `<method>/view.<source>.<name>`. */
export function requestedViews(parts: readonly Part[]): RequestedView[] {
  return parts.flatMap(({method, params}) =>
    Object.entries(method.views?.(params) ?? {}).flatMap(([name, {of, area}]) =>
      sources
        .filter((source) => of === source || of === 'all')
        .map((source) => ({entry: `${method.name}/${viewPrefix(source)}${name}`, of: source, area})),
    ),
  );
}

/** All sentences for keywords, by the part of the batch that holds their tokens: `<method>/phrase.<name>`. */
export function requestedPhrases(parts: readonly Part[]): Readonly<Record<string, string>> {
  return ofParts(parts, ({method, params}) =>
    Object.entries(method.phrases?.(params) ?? {}).map(([name, sentence]) => [
      `${phrasePrefix}${name}`,
      sentence,
    ]),
  );
}

/** Shapes of the random numbers of a step, by the entries of the batch that hold them: `<method>/draw.<name>`. */
export function requestedDraws(
  parts: readonly Part[],
  config: ClipConfig,
  sizes: BatchSizes,
): Readonly<Record<string, readonly number[]>> {
  return ofParts(parts, ({method, params}) =>
    Object.entries(method.draws?.({config, params, sizes}) ?? {}).map(([name, shape]) => [
      `${drawPrefix}${name}`,
      shape,
    ]),
  );
}

/** A file of the user's, and the prefix of the entries of a batch that hold what it says about the images. */
export interface RequestedSide extends SideFile {
  /** The name that the method gave it. */
  readonly name: string;
  /** `<method>/side.<source>.<name>`, by the images that it is of. */
  readonly entries: Readonly<Partial<Record<'paired' | 'unpaired', string>>>;
}

/** All side files of a part. */
export function requestedSides({method, params}: Pick<Part, 'method' | 'params'>): RequestedSide[] {
  return Object.entries(method.sideFiles?.(params) ?? {}).map(([name, file]) => ({
    ...file,
    name,
    entries: Object.fromEntries(
      sources
        .filter((source) => file.of === source || file.of === 'all')
        .map((source) => [source, `${method.name}/${sidePrefix(source)}${name}`]),
    ),
  }));
}

/** What a batch holds for one method alone. */
export function ownInputs(
  batch: Tensors,
  method: Pick<Method, 'name'>,
): Pick<MethodContext<Needs, unknown>, 'views' | 'phrases' | 'draws' | 'sides'> {
  const own = ownEntries(batch, method);
  const [paired, unpaired] = sources.map(
    (source) => under(own, viewPrefix(source)) as Record<string, Tensor4D>,
  );
  return {
    views: {paired: paired!, unpaired: unpaired!},
    sides: {
      paired: sidesByName(under(own, sidePrefix('paired'))),
      unpaired: sidesByName(under(own, sidePrefix('unpaired'))),
    },
    phrases: tokensByName(under(own, phrasePrefix)),
    draws: under(own, drawPrefix),
  };
}

const drawPrefix = 'draw.';
const phrasePrefix = 'phrase.';

function viewPrefix(source: (typeof sources)[number]): string {
  return `view.${source}.`;
}

function sidePrefix(source: (typeof sources)[number]): string {
  return `side.${source}.`;
}

/** Entries from their parts `<name>.values`, and `<name>.ids` and `<name>.end` where they have texts. */
function sidesByName(all: Tensors): Record<string, SideEntries> {
  const texts = tokensByName(all);
  const names = Object.keys(all).flatMap((entry) => (entry.endsWith('.values') ? [entry.slice(0, -7)] : []));
  return Object.fromEntries(
    names.map((name) => [name, {values: all[`${name}.values`]!, texts: texts[name] ?? null}]),
  );
}

/** Rows of tokens from their entries `<name>.ids` [k, t] and `<name>.end` [k]. */
function tokensByName(all: Tensors): Record<string, TokenTensors> {
  const names = Object.keys(all).flatMap((entry) => (entry.endsWith('.ids') ? [entry.slice(0, -4)] : []));
  return Object.fromEntries(
    names.map((name) => [name, {ids: all[`${name}.ids`] as Tensor2D, end: all[`${name}.end`] as Tensor1D}]),
  );
}

/** The entries whose names begin with a prefix, without it. */
function under(all: Tensors, prefix: string): Tensors {
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [],
    ),
  );
}
