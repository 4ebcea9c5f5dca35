import type {ParseArgsConfig} from 'node:util';

/** One option of a bench, as `parseArgs` of node:util takes it, with a line for `--help`. */
export type BenchOption = NonNullable<ParseArgsConfig['options']>[string] & {
  /** What stands for the value: `FILE`, `N`. */
  readonly value?: string;
  readonly text: string;
};

/** What was given: texts, lists of texts for `multiple`, true for flags. */
export type BenchValues = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

/** One bench: a file of bench/benches with the name of the bench. */
export interface Bench {
  readonly name: string;
  readonly summary: string;
  readonly options: Readonly<Record<string, BenchOption>>;
  run(values: BenchValues): Promise<void>;
}

/** Types a bench; its options keep their names. */
export function defineBench<const O extends Bench['options']>(
  bench: Omit<Bench, 'options'> & {readonly options: O},
): Omit<Bench, 'options'> & {readonly options: O} {
  return bench;
}
