/** Red, green and blue, 0 to 255. */
export type Rgb = readonly [number, number, number];

/** Inferno of matplotlib (CC0) at even steps: dark to light, readable without colours too. */
const inferno: readonly Rgb[] = [
  [0, 0, 4],
  [40, 11, 84],
  [101, 21, 110],
  [159, 42, 99],
  [212, 72, 66],
  [245, 125, 21],
  [250, 193, 39],
  [252, 255, 164],
];

/** Colours that can be told apart (Tableau 10). */
const distinct: readonly Rgb[] = [
  [78, 121, 167],
  [242, 142, 43],
  [225, 87, 89],
  [118, 183, 178],
  [89, 161, 79],
  [237, 201, 72],
  [176, 122, 161],
  [255, 157, 167],
  [156, 117, 95],
  [186, 176, 172],
];

/** The colour of a share of the range, 0 dark to 1 light; what lies outside is taken as the nearer end. */
export function heatColour(share: number): Rgb {
  const place = Math.min(Math.max(share, 0), 1) * (inferno.length - 1);
  const below = Math.min(Math.floor(place), inferno.length - 2);
  const [from, to] = [inferno[below]!, inferno[below + 1]!];
  const [red, green, blue] = [0, 1, 2].map((c) => from[c]! + (place - below) * (to[c]! - from[c]!));
  return [Math.round(red!), Math.round(green!), Math.round(blue!)];
}

/** The colour of the i-th of several things; colours come again after ten. */
export function distinctColour(i: number): Rgb {
  return distinct[i % distinct.length]!;
}

/** As SVG writes it. */
export function cssColour([red, green, blue]: Rgb): string {
  return `rgb(${red},${green},${blue})`;
}

/** Values as shares of their own range; all 0 where they are equal. */
export function sharesOfRange(values: readonly number[]): number[] {
  const low = values.reduce((least, value) => Math.min(least, value), Infinity);
  const span = values.reduce((most, value) => Math.max(most, value), -Infinity) - low;
  return values.map((value) => (span === 0 ? 0 : (value - low) / span));
}
