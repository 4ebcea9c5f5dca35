import type {Tensor4D} from '@tensorflow/tfjs-core';
import type {Tensors} from '../../engine/step.js';
import type {ClipConfig} from '../../model/clip-config.js';
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
): Pick<MethodContext<Needs, unknown>, 'views' | 'draws'> {
  const own = ownEntries(batch, method);
  const [paired, unpaired] = sources.map(
    (source) => under(own, viewPrefix(source)) as Record<string, Tensor4D>,
  );
  return {views: {paired: paired!, unpaired: unpaired!}, draws: under(own, drawPrefix)};
}

const drawPrefix = 'draw.';

function viewPrefix(source: (typeof sources)[number]): string {
  return `view.${source}.`;
}

/** The entries whose names begin with a prefix, without it. */
function under(all: Tensors, prefix: string): Tensors {
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [],
    ),
  );
}
