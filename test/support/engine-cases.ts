import type {EngineCase} from './engine-case.js';
import {elementwiseCases} from './engine-cases-elementwise.js';
import {imageCases} from './engine-cases-image.js';
import {matrixCases} from './engine-cases-matrix.js';
import {reductionCases} from './engine-cases-reduction.js';
import {shapeCases} from './engine-cases-shape.js';

/** Every operation that models, losses and optimiser use, each as one case or more. */
export const engineCases: readonly EngineCase[] = [
  ...elementwiseCases,
  ...reductionCases,
  ...matrixCases,
  ...shapeCases,
  ...imageCases,
];
