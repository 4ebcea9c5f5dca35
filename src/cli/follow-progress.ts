import type {ProgressLine} from './progress-line.js';

interface Notice {
  readonly type: 'notice';
  readonly message: string;
}

interface Progress {
  readonly type: 'progress';
  readonly what: string;
  readonly done: number;
  readonly total: number;
}

/** Runs a use case to its end, showing its progress and notices; returns what it returns. */
export async function followProgress<T>(
  events: AsyncGenerator<Notice | Progress, T>,
  {line, note}: {readonly line?: ProgressLine | undefined; readonly note: (message: string) => void},
): Promise<T> {
  try {
    for (;;) {
      const {done, value} = await events.next();
      if (done) return value;
      if (value.type === 'notice') note(value.message);
      else
        line?.show(value.what, `${value.what}: ${value.done} of ${value.total}`, value.done === value.total);
    }
  } finally {
    line?.end();
  }
}
