/** Pixels by rows, three samples each. */
interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly pixels255: Uint8Array;
}

interface Taps {
  readonly first: number;
  readonly weights: Int32Array;
}

/** Both passes in exact arithmetic, a sample at a time: weights have 22 bits after the point, each sum is rounded. */
export function referencePasses(
  {width, pixels255}: Pixels,
  {columns, rows}: {columns: readonly Taps[]; rows: readonly Taps[]},
): number[] {
  const across = (x: number, y: number, channel: number) =>
    rounded(columns[x]!, (column) => pixels255[(y * width + column) * 3 + channel]!);
  return rows.flatMap((row) =>
    columns.flatMap((_, x) => [0, 1, 2].map((channel) => rounded(row, (y) => across(x, y, channel)))),
  );
}

function rounded({first, weights}: Taps, sampleAt: (place: number) => number): number {
  const sum = weights.reduce((total, weight, k) => total + weight * sampleAt(first + k), 0);
  return Math.min(Math.max(Math.floor((sum + 2 ** 21) / 2 ** 22), 0), 255);
}
