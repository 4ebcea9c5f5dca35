/** A landscape as far as it is printed. */
export interface PrintedLandscape {
  readonly pairs: {readonly origin: string; readonly count: number};
  readonly steps: readonly number[];
  readonly picture: string | null;
  readonly models: readonly {
    readonly model: string;
    readonly centre: number;
    readonly lowest: number;
    readonly highest: number;
    readonly meanRise: number;
    readonly losses: readonly (readonly number[])[];
  }[];
}

/** The loss around each model: what it is there and how it rises, and the cut along the first direction. */
export function landscapeText({pairs, steps, models, picture}: PrintedLandscape): string {
  const width = Math.max(5, ...models.map(({model}) => model.length));
  const middle = (steps.length - 1) / 2;
  const numbers = (values: readonly number[], digits: number) =>
    values.map((value) => value.toFixed(digits).padStart(8)).join('');
  return [
    `Loss on ${pairs.count} pairs of ${pairs.origin} around the model`,
    `  ${'model'.padEnd(width)}   centre   lowest  highest  mean rise`,
    ...models.map(
      ({model, centre, lowest, highest, meanRise}) =>
        `  ${model.padEnd(width)} ${numbers([centre], 3)} ${numbers([lowest], 3)} ${numbers([highest], 3)}   ${numbers([meanRise], 3)}`,
    ),
    '',
    'Along the first direction',
    `  ${'step'.padEnd(width)} ${numbers(steps, 2)}`,
    ...models.map(
      ({model, losses}) =>
        `  ${model.padEnd(width)} ${numbers(
          losses.map((row) => row[middle]!),
          3,
        )}`,
    ),
    ...(picture === null ? [] : ['', picture]),
  ].join('\n');
}
