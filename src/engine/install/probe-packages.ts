import {createRequire} from 'node:module';
import {probeScript, type Probe} from './probe-engine.js';

/** An npm package that loads. */
export interface LoadedPackage {
  readonly version: string;
}

/** Starts the wasm engine in a child process and adds two numbers. */
export function probeWasm(): Promise<Probe<LoadedPackage>> {
  return probePackages(
    ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-wasm'],
    ([core, wasm]) => `const tf = require(${core});
      const wasm = require(${wasm});
      wasm.setWasmPaths(require('node:path').dirname(${wasm}) + '/');
      tf.setBackend('wasm').then((started) => {
        if (!started || tf.add([1], [2]).dataSync()[0] !== 3) throw new Error('expected wasm to add, got nothing');
        console.log(JSON.stringify({version: wasm.version_wasm}));
      });`,
  );
}

/** Loads sharp, which decodes images, in a child process. */
export function probeSharp(): Promise<Probe<LoadedPackage>> {
  return probePackages(
    ['sharp'],
    ([sharp]) => `console.log(JSON.stringify({version: require(${sharp}).versions.sharp}));`,
  );
}

/** @param script makes the script from the quoted paths of the packages */
async function probePackages(
  names: readonly string[],
  script: (quoted: readonly string[]) => string,
): Promise<Probe<LoadedPackage>> {
  const {resolve} = createRequire(import.meta.url);
  const paths: string[] = [];
  for (const name of names) {
    try {
      paths.push(JSON.stringify(resolve(name)));
    } catch {
      return {works: false, reason: `expected the npm package ${name}, got none`};
    }
  }
  return probeScript(script(paths));
}
