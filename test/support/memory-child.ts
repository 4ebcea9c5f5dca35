// Trains a small CLIP for many steps and prints its memory (bytes, JSON) after every hundred. Run with --expose-gc.
import {startEngine} from '../../src/engine/backend.js';
import {compileStep} from '../../src/engine/compile.js';
import {loadMethod} from '../../src/methods/contract/load-method.js';
import {methodStep} from '../../src/methods/contract/method-step.js';
import {clipBatch, clipOptions} from './engine-clip.js';
import {tinyVit} from './tiny-clip.js';

const steps = Number(process.argv[2]);
await startEngine('tensorflow');
const method = await loadMethod('s-clip');
const compiled = compileStep(methodStep(method, method.params.parse({}), tinyVit), clipOptions(tinyVit));
const sizes: number[] = [];
for (let step = 0; step < steps; step++) {
  compiled.run(clipBatch(tinyVit, method.needs, step), {learningRate: 1e-4, step: step + 1});
  compiled.read('weights/logit_scale');
  if ((step + 1) % 100 === 0) {
    globalThis.gc!();
    sizes.push(process.memoryUsage.rss());
  }
}
process.stdout.write(JSON.stringify(sizes));
