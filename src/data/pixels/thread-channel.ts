import {Worker} from 'node:worker_threads';
import {BugError, UserError} from '../../support/errors.js';
import type {PixelJob, PixelRows} from './pixel-jobs.js';
import type {Fault, JobMessage, JobReply, ThreadSettings} from './pixel-thread.js';

/** One thread that does pixel jobs in the order they are given. */
export interface ThreadChannel {
  /** @throws what the job failed with; BugError when the thread is gone */
  run(job: PixelJob): Promise<PixelRows>;
  close(): Promise<void>;
}

interface Waiting {
  readonly resolve: (rows: PixelRows) => void;
  readonly reject: (error: unknown) => void;
}

/** Starts a thread. It keeps the process alive only while it owes an answer. */
export function startThread(settings: ThreadSettings): ThreadChannel {
  const worker = startWorker(settings);
  worker.unref();
  const waiting = new Map<number, Waiting>();
  let gone: Error | undefined;
  let jobs = 0;
  // an answer that comes while the thread is ended must not let the process end before it
  let isClosing = false;
  const end = (error: Error) => {
    gone ??= error;
    for (const {reject} of waiting.values()) reject(gone);
    waiting.clear();
  };
  worker.on('error', (error) => end(error));
  worker.on('exit', (code) => end(new BugError(`pixel thread: expected it to go on, got exit code ${code}`)));
  worker.on('message', ({id, rows, fault}: JobReply) => {
    const job = waiting.get(id);
    waiting.delete(id);
    if (waiting.size === 0 && !isClosing) worker.unref();
    if (fault) job?.reject(thrownBy(fault));
    else job?.resolve(rows!);
  });
  return {
    run: (job) =>
      new Promise((resolve, reject) => {
        if (gone) return reject(gone);
        const message: JobMessage = {id: jobs++, job};
        waiting.set(message.id, {resolve, reject});
        worker.ref();
        worker.postMessage(message);
      }),
    close: async () => {
      isClosing = true;
      await worker.terminate();
    },
  };
}

/** Sources that run as they are need their loader in the thread too; it does not come with the one of this thread. */
function startWorker(workerData: ThreadSettings): Worker {
  // a debugger's or a test runner's options would end up in the thread too
  const options = {workerData, execArgv: []};
  if (!import.meta.url.endsWith('.ts'))
    return new Worker(new URL('./pixel-thread.js', import.meta.url), options);
  const [loader, entry] = ['tsx/esm/api', './pixel-thread.ts'].map((name) =>
    JSON.stringify(import.meta.resolve(name)),
  );
  const start = `import(${loader}).then(({register}) => { register(); return import(${entry}); })`;
  return new Worker(start, {...options, eval: true});
}

function thrownBy(fault: Fault): unknown {
  if ('error' in fault) return fault.error;
  const {message, exit, tryThis} = fault;
  return new UserError(message, {exit, ...(tryThis !== undefined && {tryThis})});
}
