/** Where progress goes: `process.stderr`, or a stand-in. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** One line that tells how far something is. */
export interface ProgressLine {
  /** @param key what the line is about; the first and the last line of each are always shown */
  show(key: string, text: string, isLast?: boolean): void;
  /** Ends the line, so that other output starts on its own. */
  end(): void;
}

const eraseToEnd = '\u001B[K';

/**
 * Progress as one line that is rewritten on a terminal, and as a plain line every few seconds elsewhere.
 * @param options `nowMs` is the clock
 */
export function progressLine(
  stream: ProgressStream,
  {everyMs = 5000, nowMs = () => performance.now()}: {everyMs?: number; nowMs?: () => number} = {},
): ProgressLine {
  let current: string | undefined;
  let shownMs = 0;
  let isOpen = false;
  const end = () => {
    if (isOpen) stream.write('\n');
    isOpen = false;
  };
  return {
    show(key, text, isLast = false) {
      const isDue = key !== current || isLast || nowMs() - shownMs >= everyMs;
      if (stream.isTTY === true) {
        if (key !== current) end();
        // a line that wraps could not be rewritten
        stream.write(`\r${text.slice(0, (stream.columns ?? 80) - 1)}${eraseToEnd}`);
        isOpen = true;
      } else if (isDue) stream.write(`${text}\n`);
      if (isDue) shownMs = nowMs();
      current = key;
    },
    end,
  };
}
