/** Whole numbers and how often each came. */
export interface NumberCounts {
  add(value: number): void;
  /** Null when nothing was added. */
  summary(): NumberSummary | null;
  /** Bars of equal width, at most so many; the last one may hold a long tail. None when nothing was added. */
  bins(most: number): readonly Bin[];
}

export interface NumberSummary {
  readonly least: number;
  readonly median: number;
  readonly mean: number;
  /** 95 % are not larger. */
  readonly p95: number;
  readonly most: number;
}

/** Values from one to the other, the latter not included. */
export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** On the last bar, when it holds all larger values too. */
  readonly isOpen?: true;
}

/** A tail that is longer than so many times the 95 % is put into the last bar. */
const longTail = 2;

/** Counts whole numbers exactly; memory grows with the number of different ones only. */
export function numberCounts(): NumberCounts {
  const counts = new Map<number, number>();
  let total = 0;
  const sorted = () => [...counts].sort(([a], [b]) => a - b);
  const quantile = (share: number) => {
    let below = 0;
    return sorted().find(([, count]) => (below += count) >= share * total)![0];
  };
  return {
    add(value) {
      counts.set(value, (counts.get(value) ?? 0) + 1);
      total++;
    },
    summary() {
      if (total === 0) return null;
      const values = sorted();
      const sum = values.reduce((rest, [value, count]) => rest + value * count, 0);
      const [least, most] = [values[0]![0], values.at(-1)![0]];
      return {least, median: quantile(0.5), mean: sum / total, p95: quantile(0.95), most};
    },
    bins(most) {
      if (total === 0) return [];
      const values = sorted();
      const [least, largest] = [values[0]![0], values.at(-1)![0]];
      const p95 = quantile(0.95);
      const isOpen = largest - least > longTail * (p95 - least) && p95 > least;
      const end = isOpen ? least + longTail * (p95 - least) : largest;
      const width = Math.ceil((end - least + 1) / most);
      const length = Math.ceil((end - least + 1) / width);
      const bars = new Array<number>(length).fill(0);
      for (const [value, count] of values) {
        bars[Math.min(Math.floor((value - least) / width), length - 1)]! += count;
      }
      return bars.map((count, i) => {
        const from = least + i * width;
        return {from, to: from + width, count, ...(isOpen && i === length - 1 && {isOpen: true as const})};
      });
    },
  };
}
