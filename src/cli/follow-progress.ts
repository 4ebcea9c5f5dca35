import type {OpenModelEvent} from '../app/open-model.js';
import {formatBytes} from '../support/format-bytes.js';
import type {ProgressLine} from './progress-line.js';

/** How far something is. */
export interface Progress {
  readonly type: 'progress';
  readonly what: string;
  readonly done: number;
  readonly total: number;
}

/** Runs a use case to its end, showing its progress and notices; returns what it returns. */
export async function followProgress<T>(
  events: AsyncGenerator<OpenModelEvent | Progress, T>,
  {line, note}: {readonly line?: ProgressLine | undefined; readonly note: (message: string) => void},
): Promise<T> {
  try {
    for (;;) {
      const {done, value} = await events.next();
      if (done) return value;
      if (value.type === 'notice') {
        line?.end();
        note(value.message);
      } else line?.show(...progressOf(value));
    }
  } finally {
    line?.end();
  }
}

/** What a line of progress is about, its text, and whether it is the last of it. */
export function progressOf(
  event: Progress | Extract<OpenModelEvent, {type: 'download'}>,
): [key: string, text: string, isLast: boolean] {
  if (event.type === 'progress') {
    const {what, done, total} = event;
    return [what, `${what}: ${done} of ${total}`, done === total];
  }
  const {file, doneBytes, totalBytes} = event;
  const text = `downloading ${file}: ${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}`;
  return [`download ${file}`, text, doneBytes === totalBytes];
}
