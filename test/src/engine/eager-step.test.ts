import {eagerStep} from '../../../src/engine/eager-step.js';
import {compiledStepContract} from '../../support/engine-step-contract.js';
import {onEveryEngine} from '../../support/engines.js';

onEveryEngine(() => compiledStepContract(eagerStep));
