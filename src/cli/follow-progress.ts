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

/** A use case that tells how far it is. */
export type FollowedEvents<T> = AsyncGenerator<OpenModelEvent | Progress, T>;

/** Runs a use case to its end, showing its progress and notices; returns what it returns. */
export async function followProgress<T>(
  events: FollowedEvents<T>,
  {
    line,
    note,
    nowMs = () => performance.now(),
  }: {
    readonly line?: ProgressLine | undefined;
    readonly note: (message: string) => void;
    readonly nowMs?: () => number;
  },
): Promise<T> {
  const pace = paceOf(nowMs);
  try {
    for (;;) {
      const {done, value} = await events.next();
      if (done) return value;
      if (value.type === 'notice') {
        line?.end();
        note(value.message);
      } else line?.show(...progressOf(value, pace));
    }
  } finally {
    line?.end();
  }
}

/** What a line of progress is about, its text, and whether it is the last of it. */
export function progressOf(
  event: Progress | Extract<OpenModelEvent, {type: 'download'}>,
  pace: (progress: Progress) => string,
): [key: string, text: string, isLast: boolean] {
  if (event.type === 'progress') {
    const {what, done, total} = event;
    return [what, `${what}: ${done} of ${total}${pace(event)}`, done === total];
  }
  const {file, doneBytes, totalBytes} = event;
  const text = `downloading ${file}: ${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}`;
  return [`download ${file}`, text, doneBytes === totalBytes];
}

/** Work this short has no rate worth telling. */
const leastMs = 1000;

/** `, 210/s, 7 s left` once a part of the work has gone on for a second, until it is done. */
export function paceOf(nowMs: () => number): (progress: Progress) => string {
  let begun: {readonly what: string; readonly done: number; readonly ms: number} | undefined;
  return ({what, done, total}) => {
    const ms = nowMs();
    if (begun?.what !== what) begun = {what, done, ms};
    const elapsed = ms - begun.ms;
    if (elapsed < leastMs || done === begun.done || done === total) return '';
    const perSecond = (1000 * (done - begun.done)) / elapsed;
    const shown = perSecond < 10 ? perSecond.toFixed(1) : perSecond.toFixed(0);
    return `, ${shown}/s, ${timeLeft((total - done) / perSecond)} left`;
  };
}

function timeLeft(seconds: number): string {
  if (seconds < 120) return `${Math.ceil(seconds)} s`;
  return seconds < 7200 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
