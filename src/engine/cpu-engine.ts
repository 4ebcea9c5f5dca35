import '@tensorflow/tfjs-backend-cpu';
import {registerGradients} from './register-gradients.js';

/** Registers tfjs's plain JavaScript backend, slow and complete. */
export function loadCpu(): void {
  registerGradients();
}
