import type {Tensor1D, Tensor2D, Tensor4D} from '@tensorflow/tfjs-core';
import type {Tensors} from '../../engine/step.js';
import type {ClipConfig} from '../../model/clip-config.js';
import type {TokenTensors} from '../../model/text-tower.js';
import type {BatchSizes, Method, MethodContext, View} from './method.js';
import type {Needs} from './needs.js';
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

/** What a batch holds for one method alone. */
export function ownInputs(
  batch: Tensors,
  method: Pick<Method, 'name'>,
): Pick<MethodContext<Needs, unknown>, 'views' | 'phrases' | 'draws'> {
  const own = ownEntries(batch, method);
  const [paired, unpaired] = sources.map(
    (source) => under(own, viewPrefix(source)) as Record<string, Tensor4D>,
  );
  return {
    views: {paired: paired!, unpaired: unpaired!},
    phrases: tokensByName(under(own, phrasePrefix)),
    draws: under(own, drawPrefix),
  };
}

const drawPrefix = 'draw.';
const phrasePrefix = 'phrase.';

function viewPrefix(source: (typeof sources)[number]): string {
  return `view.${source}.`;
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
