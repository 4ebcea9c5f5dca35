/** Bytes a second over the last few seconds of a transfer. */
export interface TransferRate {
  /** @returns the rate after `bytes` in all were moved at `nowMs`; 0 until there are two samples. */
  sample(bytes: number, nowMs: number): number;
}

/** A rate over a moving window, so that a stall shows within `windowMs`. */
export function transferRate(windowMs = 4000): TransferRate {
  let samples: {readonly bytes: number; readonly atMs: number}[] = [];
  return {
    sample(bytes, nowMs) {
      samples = [...samples.filter(({atMs}) => nowMs - atMs <= windowMs), {bytes, atMs: nowMs}];
      const first = samples[0]!;
      return nowMs === first.atMs ? 0 : ((bytes - first.bytes) * 1000) / (nowMs - first.atMs);
    },
  };
}
