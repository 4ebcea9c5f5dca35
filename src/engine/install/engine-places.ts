import {createRequire} from 'node:module';
import {dirname, join} from 'node:path';
import {exitCodes, UserError} from '../../support/errors.js';
import {cacheFolder} from '../../support/cache-folder.js';

/** Where engines are kept and where they are linked to. */
export interface EnginePlaces {
  /** Folder of the user cache with one folder an engine. */
  readonly engines: string;
  /** The @tensorflow/tfjs-node-gpu package that the engine is linked into. */
  readonly addonPackage: string;
  /** The node-api-headers package. */
  readonly headersPackage: string;
}

/**
 * The places of this installation of fewclip.
 * @throws UserError (exit `engine`) when the npm packages are missing
 */
export function enginePlaces(environment: NodeJS.ProcessEnv = process.env): EnginePlaces {
  return {
    engines: join(cacheFolder(environment), 'engines'),
    addonPackage: packageFolder('@tensorflow/tfjs-node-gpu'),
    headersPackage: packageFolder('node-api-headers'),
  };
}

/** Node-API version that the addon is built for; tfjs-node-gpu looks for it in `lib/napi-v8`. */
export const nodeApiVersion = 8;

/** Where tfjs-node-gpu looks for its addon. */
export function addonPath(addonPackage: string): string {
  return join(addonPackage, 'lib', `napi-v${nodeApiVersion}`, 'tfjs_binding.node');
}

/** Where tfjs-node-gpu keeps TensorFlow's libraries. */
export function libraryFolder(addonPackage: string): string {
  return join(addonPackage, 'deps', 'lib');
}

/** Where TensorFlow looks for the CUDA libraries: `../nvidia` of its own folder. */
export function nvidiaFolder(addonPackage: string): string {
  return join(addonPackage, 'deps', 'nvidia');
}

function packageFolder(name: string): string {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
  } catch (cause) {
    throw new UserError(`engine: expected the npm package ${name}, got none`, {
      exit: exitCodes.engine,
      tryThis: 'npm ci',
      cause,
    });
  }
}
