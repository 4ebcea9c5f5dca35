import {beforeAll, describe} from 'vitest';
import {startEngine} from '../../../../src/engine/backend.js';
import {capturedStep} from '../../../../src/engine/capture/captured-step.js';
import {compiledStepContract} from '../../../support/engine-step-contract.js';

describe('a captured step', () => {
  beforeAll(() => startEngine('tensorflow'));

  compiledStepContract(capturedStep);
});
