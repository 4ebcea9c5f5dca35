import {parentPort, workerData} from 'node:worker_threads';
import {UserError, type ExitCode} from '../../support/errors.js';
import {copyCache} from './copy-cache.js';
import {runPixelJob, type PixelJob, type PixelRows} from './pixel-jobs.js';

/** The thread that makes pixels while another one runs the engine: one job after the other, each answered once. */
export interface ThreadSettings {
  /** Decoded pixels for training that the thread may keep; 0 keeps none. */
  readonly cacheBytes: number;
}
export interface JobMessage {
  readonly id: number;
  readonly job: PixelJob;
}
export interface JobReply {
  readonly id: number;
  readonly rows?: PixelRows;
  readonly fault?: Fault;
}

/** What a job failed with: the parts of a UserError, or another error as it is. */
export type Fault =
  | {readonly message: string; readonly exit: ExitCode; readonly tryThis: string | undefined}
  | {readonly error: unknown};

const cache = copyCache((workerData as ThreadSettings).cacheBytes);
let last = Promise.resolve();

parentPort!.on('message', ({id, job}: JobMessage) => {
  last = last.then(async () => {
    const reply = await answer(id, job);
    parentPort!.postMessage(reply, reply.rows ? [reply.rows.buffer as ArrayBuffer] : []);
  });
});

async function answer(id: number, job: PixelJob): Promise<JobReply> {
  try {
    return {id, rows: await runPixelJob(job, cache)};
  } catch (error) {
    return {id, fault: faultOf(error)};
  }
}

function faultOf(error: unknown): Fault {
  if (!(error instanceof UserError)) return {error};
  const {message, exit, tryThis} = error;
  return {message, exit, tryThis};
}
