/** A number of every head, averaged over images. */
export interface HeadMeans {
  /** Adds the numbers [heads] of one layer of one image. */
  add(layer: number, values: readonly number[]): void;
  /** The means of each layer's heads, and of all its heads. */
  layers(): {readonly heads: readonly number[]; readonly mean: number}[];
}

/** Begins with no image. A value that is not a number (a head that looks at no patch) is left out. */
export function headMeans(layers: number, heads: number): HeadMeans {
  const sums = Array.from({length: layers}, () => new Float64Array(heads));
  const counts = Array.from({length: layers}, () => new Float64Array(heads));
  return {
    add(layer, values) {
      values.forEach((value, head) => {
        if (Number.isNaN(value)) return;
        sums[layer]![head]! += value;
        counts[layer]![head]! += 1;
      });
    },
    layers: () =>
      sums.map((own, layer) => {
        const means = Array.from(own, (sum, head) => sum / counts[layer]![head]!);
        return {heads: means, mean: means.reduce((sum, value) => sum + value, 0) / heads};
      }),
  };
}
