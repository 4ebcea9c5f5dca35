import type {AdamWSettings} from './adamw.js';
import {adamWPath, clipped} from './adamw.js';

/** The weights of the regression that are trained and reached, in this order. */
interface Fit {
  readonly slope: readonly number[];
  readonly offset: number;
  readonly scale: number;
}

interface Batch {
  readonly inputs: readonly (readonly number[])[];
  readonly targets: readonly number[];
}

export interface RegressionTask {
  readonly start: Fit;
  readonly frozen: number;
  readonly ridge: number;
  readonly batches: readonly Batch[];
  readonly rates: readonly number[];
  readonly settings: AdamWSettings;
  /** Bounds of the scale. */
  readonly bounds: readonly [number, number];
  readonly clipNorm?: number;
}

function fitTerm({slope, offset, scale}: Fit, frozen: number, {inputs, targets}: Batch): number {
  const errors = inputs.map((row, i) => {
    const product = row.reduce((sum, value, j) => sum + value * slope[j]!, 0);
    return (product + offset) * Math.exp(scale) + frozen - targets[i]!;
  });
  return errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length;
}

function ridgeTerm({slope}: Fit): number {
  return slope.reduce((sum, value) => sum + value ** 2, 0);
}

function flat({slope, offset, scale}: Fit): number[] {
  return [...slope, offset, scale];
}

function unflat(values: readonly number[]): Fit {
  return {slope: values.slice(0, -2), offset: values.at(-2)!, scale: values.at(-1)!};
}

/** The fit after each step, with the numbers before it, all in float64. */
export function regressionPath(task: RegressionTask) {
  const {frozen, ridge, settings, bounds} = task;
  const gradients: number[][] = [];
  let fit = flat(task.start);
  return task.batches.map((batch) => {
    const loss = (values: readonly number[]) =>
      fitTerm(unflat(values), frozen, batch) + ridge * ridgeTerm(unflat(values));
    const gradient = fit.map((value, i) => {
      const moved = (by: number) => loss(fit.with(i, value + by));
      return (moved(1e-6) - moved(-1e-6)) / 2e-6;
    });
    const numbers = {
      loss: loss(fit),
      terms: {fit: fitTerm(unflat(fit), frozen, batch), ridge: ridgeTerm(unflat(fit))},
      gradientNorm: Math.sqrt(gradient.reduce((sum, value) => sum + value ** 2, 0)),
    };
    gradients.push(task.clipNorm === undefined ? gradient : clipped(gradient, task.clipNorm));
    fit = fit.map((value, i) =>
      oneStep(
        value,
        gradients.map((g) => g[i]!),
        i < fit.length - 2,
        task,
      ),
    );
    fit[fit.length - 1] = Math.min(Math.max(fit.at(-1)!, bounds[0]), bounds[1]);
    return {numbers, fit: unflat(fit)};
  });

  // the path from 0 gives the update, since decay apart an update does not depend on the weight
  function oneStep(value: number, history: readonly number[], isDecayed: boolean, {rates}: RegressionTask) {
    const path = adamWPath(0, history, rates, {...settings, decay: 0});
    const update = path.at(-1)! - (path.at(-2) ?? 0);
    return value * (isDecayed ? 1 - rates[history.length - 1]! * settings.decay : 1) + update;
  }
}
