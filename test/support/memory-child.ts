// Trains a small CLIP for many steps and prints its memory (bytes, JSON) after every hundred. Run with --expose-gc.
import {startEngine} from '../../src/engine/backend.js';
import {compileOnRandom, defaultPart, runStep} from './method-training.js';
import {tinyVit} from './tiny-clip.js';

const steps = Number(process.argv[2]);
await startEngine('tensorflow');
const parts = [await defaultPart('s-clip')];
const compiled = compileOnRandom(parts, tinyVit);
const sizes: number[] = [];
for (let step = 0; step < steps; step++) {
  runStep(compiled, {parts, config: tinyVit, rate: 1e-4}, step);
  compiled.read('weights/logit_scale');
  if ((step + 1) % 100 === 0) {
    globalThis.gc!();
    sizes.push(process.memoryUsage.rss());
  }
}
process.stdout.write(JSON.stringify(sizes));
