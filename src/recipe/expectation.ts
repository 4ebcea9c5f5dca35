import {z} from 'zod';

/** What a reader of a recipe should expect of it. */
export const expectationSchema = z.strictObject({
  minutes: z.number().gt(0).describe('of the whole recipe, on the machine that is named'),
  machine: z.string().min(1).optional().describe('where that was measured; default: two cores without a GPU'),
  figures: z
    .record(
      z.string().min(1),
      z.strictObject({
        value: z.number().describe('as a fraction'),
        tolerance: z.number().min(0).describe('that it may be off by'),
      }),
    )
    .default({})
    .describe('metrics after training by name; LABEL/METRIC in a comparison, the mean over seeds'),
});

export type Expectation = z.output<typeof expectationSchema>;

/** A figure of an expectation beside what came out. */
export interface ComparedFigure {
  readonly name: string;
  readonly value: number;
  readonly tolerance: number;
  /** Undefined: nothing of that name was measured. */
  readonly got: number | undefined;
  readonly isMet: boolean;
}

/** Holds measured metrics against the figures that were expected. */
export function compareFigures(
  {figures}: Pick<Expectation, 'figures'>,
  measured: Readonly<Record<string, number>>,
): ComparedFigure[] {
  return Object.entries(figures).map(([name, {value, tolerance}]) => {
    const got = Object.hasOwn(measured, name) ? measured[name] : undefined;
    const isMet = got !== undefined && Math.abs(got - value) <= tolerance;
    return {name, value, tolerance, got, isMet};
  });
}
