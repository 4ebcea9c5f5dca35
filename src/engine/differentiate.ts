import * as tf from '@tensorflow/tfjs-core';
import type {Tensor, Variable} from '@tensorflow/tfjs-core';
import {BugError} from '../support/errors.js';
import type {StepOutput, Tensors} from './step.js';

/** The values of a step's forward part and its gradients. */
export interface Differentiated extends StepOutput {
  /** By weight name; a weight that the loss does not reach has none. */
  readonly gradients: Tensors;
  dispose(): void;
}

/**
 * Runs a forward part and the gradients of its loss with respect to the trained weights.
 * @throws BugError when the step breaks its promise about the shape of the loss or of the state.
 */
export function differentiate(
  forward: () => StepOutput,
  trained: ReadonlyMap<string, Variable>,
  state: Tensors,
): Differentiated {
  const kept: Tensor[] = [];
  // a copy by reference, since a step may return the same tensor twice, or one that it was given
  const keep = <T extends Tensor>(tensor: T): T => {
    const copy = tf.keep(tf.clone(tensor));
    kept.push(copy);
    return copy;
  };
  const outputs: StepOutput[] = [];
  try {
    const {value, grads} = tf.variableGrads(() => {
      const output = forward();
      checkOutput(output, state);
      outputs.push({
        loss: output.loss,
        terms: mapValues(output.terms, keep),
        ...(output.logged && {logged: mapValues(output.logged, keep)}),
        state: mapValues(output.state, keep),
      });
      return output.loss;
    }, [...trained.values()]);
    kept.push(value, ...Object.values(grads));
    const gradients = [...trained].flatMap(([name, weight]) =>
      grads[weight.name] ? [[name, grads[weight.name]!]] : [],
    );
    return {
      ...outputs[0]!,
      loss: value,
      gradients: Object.fromEntries(gradients) as Tensors,
      dispose: () => tf.dispose(kept),
    };
  } catch (error) {
    tf.dispose(kept);
    releaseTape();
    throw error;
  }
}

function checkOutput({loss, state: next}: StepOutput, state: Tensors): void {
  if (loss.rank !== 0)
    throw new BugError(`step: expected a loss of shape [], got [${loss.shape.join(', ')}]`);
  for (const [name, value] of Object.entries(next)) {
    const held = state[name];
    const [expected, got] = [held, value].map(
      (tensor) => tensor && `${tensor.dtype} [${tensor.shape.join(', ')}]`,
    );
    if (expected !== got) {
      throw new BugError(
        `step: expected state ${name} as ${expected ?? 'not there'}, got ${got ?? 'nothing'}`,
      );
    }
  }
}

/** tfjs keeps what the forward part saved for its gradients when that part throws; this gives it back. */
function releaseTape(): void {
  const {state} = tf.engine();
  for (const node of state.activeTape ?? []) tf.dispose(node.saved);
  state.activeTape = [];
}

function mapValues<T extends Tensor>(
  tensors: Readonly<Record<string, T>>,
  change: (tensor: T) => T,
): Record<string, T> {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, change(tensor)]));
}
