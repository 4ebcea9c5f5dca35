/** A fraction, or a difference of two, with its 95 % interval where there is one. */
export interface Figure {
  readonly value: number;
  readonly ci95?: readonly [number, number];
}

/** Figures by name. */
export type Figures = Readonly<Record<string, Figure>>;

/** Whether a difference is one that chance does not explain: its interval leaves out 0. */
export function verdict({ci95}: Figure): 'better' | 'worse' | 'open' {
  if (ci95 === undefined || (ci95[0] <= 0 && ci95[1] >= 0)) return 'open';
  return ci95[0] > 0 ? 'better' : 'worse';
}

/** `12.3 [10.1, 14.5]`, in percent. */
export function figureText({value, ci95}: Figure): string {
  return ci95 ? `${percent(value)} ${rangeText(ci95, percent)}` : percent(value);
}

/** `+1.2 [-0.3, +2.7]`, in percentage points. */
export function differenceText({value, ci95}: Figure): string {
  return ci95 ? `${signed(value)} ${rangeText(ci95, signed)}` : signed(value);
}

/** The interval alone. */
export function rangeText(
  [low, high]: readonly [number, number],
  written: (value: number) => string,
): string {
  return `[${written(low)}, ${written(high)}]`;
}

/** Percent with one decimal. */
export function percent(fraction: number): string {
  return (100 * fraction).toFixed(1);
}

/** Percentage points with their sign. */
export function signed(fraction: number): string {
  const text = percent(fraction);
  return text.startsWith('-') ? text : `+${text}`;
}
