import {errorEvent} from './error-event.js';
import type {RunEvent} from './events.js';
import {runTraining, type StopSignal} from './training/run-training.js';
import {lockFolder} from '../support/folder-lock.js';

/**
 * The process that trains. The engine blocks its thread, so the views live in the parent; the two speak by
 * messages: the parent sends a folder to start and may send `stop`, the child sends events.
 */
export interface StartMessage {
  readonly type: 'train';
  readonly folder: string;
}
export interface StopMessage {
  readonly type: 'stop';
  readonly signal: StopSignal;
}

let stopSignal: StopSignal | undefined;

// a terminal sends its signals to the whole group: the parent decides what they mean
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('SIGTERM', () => (stopSignal ??= 'SIGTERM'));
// nobody is left to show the work to: keep it, and end
process.on('disconnect', () => (stopSignal ??= 'SIGHUP'));

process.on('message', (message: StartMessage | StopMessage) => {
  if (message.type === 'stop') stopSignal ??= message.signal;
  else void trainIn(message.folder);
});

async function trainIn(folder: string): Promise<void> {
  try {
    const lock = await lockFolder(folder);
    try {
      await runTraining(folder, {emit: send, stopSignal: () => stopSignal});
    } finally {
      await lock.release();
    }
  } catch (error) {
    await send(errorEvent(error));
  }
  if (process.connected) process.disconnect();
}

/**
 * Hands an event to the parent; resolves when it has left, so that a blocked thread holds back nothing. When the parent
 * goes away meanwhile, its channel never calls back.
 */
function send(event: RunEvent): Promise<void> {
  return new Promise((resolve) => {
    if (!process.connected) return resolve();
    const done = () => {
      process.off('disconnect', done);
      resolve();
    };
    process.once('disconnect', done);
    process.send!(event, done);
  });
}
