import type {ImageRow} from '../../data/rows.js';
import type {HostArray, HostArrays} from '../../engine/step.js';
import type {Tokenizer} from '../../model/tokenizer.js';
import {trimTokens} from '../../model/trim-tokens.js';
import {exitCodes, UserError} from '../../support/errors.js';
import type {OpenedSide} from './open-outside.js';
import type {SideTable} from './side-table.js';

type Source = 'paired' | 'unpaired';

/** The images of a run, by what is known of them. */
export type SideRows = Readonly<Record<Source, readonly ImageRow[]>>;

/**
 * For each image the number of its entry.
 * @throws UserError (data) naming the first image without one
 */
export function entriesOf(
  {path, ids}: Pick<SideTable, 'path' | 'ids'>,
  rows: readonly ImageRow[],
): Int32Array {
  const numbers = new Map(ids.map((id, i) => [id, i]));
  return Int32Array.from(rows, ({image: {id}}) => {
    const entry = numbers.get(id);
    if (entry !== undefined) return entry;
    throw new UserError(
      `${path}: expected an entry for ${id}, got none among ${ids.length}, such as ${ids[0]}`,
      {
        exit: exitCodes.data,
        tryThis: 'name images as fewclip embed lists them: by their path below the folder of the images',
      },
    );
  });
}

/** @throws UserError (data) when an image of the run has no entry in a file that is about it */
export function checkSides(sides: readonly OpenedSide[], rows: SideRows): void {
  for (const {table, entries} of sides) {
    for (const source of Object.keys(entries) as Source[]) entriesOf(table, rows[source]);
  }
}

/**
 * What side files say about the images of a batch: `<prefix>.values` [n, ...], and the tokens of their texts.
 * @returns the entries of a batch, for the rows of each source that are visited
 */
export function sideEntries(
  sides: readonly OpenedSide[],
  rows: SideRows,
  tokenizer: Pick<Tokenizer, 'encode'>,
): (visited: Readonly<Partial<Record<Source, readonly number[]>>>) => Promise<HostArrays> {
  const read = sides.flatMap(({table, entries}) => {
    const tokens = table.texts && trimTokens(tokenizer.encode([...table.texts]));
    return (Object.entries(entries) as [Source, string][]).map(([source, prefix]) => {
      const numbers = entriesOf(table, rows[source]);
      return {
        source,
        of: (visited: readonly number[]) =>
          entriesAt(
            table,
            tokens,
            prefix,
            visited.map((i) => numbers[i]!),
          ),
      };
    });
  });
  return async (visited) => {
    const made = read.flatMap(({source, of}) => (visited[source] ? [of(visited[source])] : []));
    return Object.assign({}, ...(await Promise.all(made))) as HostArrays;
  };
}

async function entriesAt(
  table: SideTable,
  tokens: {readonly ids: HostArray; readonly end: HostArray} | null,
  prefix: string,
  entries: readonly number[],
): Promise<HostArrays> {
  const size = table.shape.reduce((product, side) => product * side, 1);
  const data = new Float32Array(entries.length * size);
  await Promise.all(entries.map(async (entry, i) => data.set(await table.read(entry), i * size)));
  return {
    [`${prefix}.values`]: {shape: [entries.length, ...table.shape], data},
    ...(tokens && {
      [`${prefix}.ids`]: rowsOf(tokens.ids, entries),
      [`${prefix}.end`]: rowsOf(tokens.end, entries),
    }),
  };
}

/** Rows of a table of integers. */
function rowsOf({shape: [, ...rest], data}: HostArray, rows: readonly number[]): HostArray {
  const size = rest.reduce((product, side) => product * side, 1);
  const taken = new Int32Array(rows.length * size);
  rows.forEach((row, i) => taken.set(data.subarray(row * size, (row + 1) * size), i * size));
  return {shape: [rows.length, ...rest], data: taken};
}
