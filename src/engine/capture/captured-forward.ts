import * as tf from '@tensorflow/tfjs-core';
import {BugError} from '../../support/errors.js';
import type {CompiledForward, Forward, ForwardHeld} from '../forward.js';
import type {HostArray, HostArrays, Precision} from '../step.js';
import {originOf} from '../step-inputs.js';
import {outputNode, recordForward} from './record-forward.js';
import {batchFeeds} from './recording.js';
import {openSession, setVariables, type Session} from './session.js';

/** A function at work for batches of some number of rows. */
interface Live {
  readonly session: Session;
  readonly rows: number;
  readonly shapes: string;
}

/**
 * A function that runs as one TensorFlow graph with its weights in the session. It is recorded at its first run;
 * smaller batches of the same shape are filled up with zeros, other ones recorded anew.
 */
export function capturedForward(forward: Forward, held: ForwardHeld, precision: Precision): CompiledForward {
  let live: Live | undefined;
  const liveFor = (batch: HostArrays): Live => {
    const [rows, shapes] = [rowsOf(batch), shapesOf(batch)];
    if (live !== undefined && live.shapes === shapes && rows <= live.rows) return live;
    live?.session.dispose();
    const recorded = recordForward(forward, held, batch, precision);
    const session = openSession(recorded.nodes);
    setVariables(
      session,
      [...recorded.held].map(([name, place]) => [place, originOf(name, held)]),
    );
    live = {session, rows, shapes};
    return live;
  };
  return {
    run(batch) {
      const {session, rows} = liveFor(batch);
      const whole = Object.entries(batch).map(([name, array]) => [name, filled(array, rows)]);
      const feeds = batchFeeds(Object.fromEntries(whole) as HostArrays);
      const [output] = session.run(feeds, [outputNode]);
      return firstRows(output!, rowsOf(batch));
    },
    dispose() {
      live?.session.dispose();
      live = undefined;
    },
  };
}

function rowsOf(batch: HostArrays): number {
  const counts = new Set(Object.values(batch).map(({shape}) => shape[0]));
  const [rows] = counts;
  if (counts.size === 1 && rows !== undefined) return rows;
  throw new BugError(`compiled forward: expected entries with the same rows, got ${[...counts].join(', ')}`);
}

/** All but the number of rows. */
function shapesOf(batch: HostArrays): string {
  return JSON.stringify(
    Object.entries(batch).map(([name, {shape, data}]) => [name, shape.slice(1), data.constructor.name]),
  );
}

/** The rows of an array and zeros after them: [n, ...] -> [rows, ...]. */
function filled({shape, data}: HostArray, rows: number): HostArray {
  const [n = 0, ...rest] = shape;
  if (n === rows) return {shape, data};
  const width = tf.util.sizeFromShape(rest);
  const Elements = data.constructor as new (length: number) => HostArray['data'];
  const all = new Elements(rows * width);
  all.set(data);
  return {shape: [rows, ...rest], data: all};
}

/** [rows, ...] -> [n, ...]. */
function firstRows({shape, data}: HostArray, n: number): HostArray {
  const [rows = 0, ...rest] = shape;
  return n === rows ? {shape, data} : {shape: [n, ...rest], data: data.slice(0, (data.length / rows) * n)};
}
