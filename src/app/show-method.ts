import {describeMethod, type MethodDescription} from '../methods/contract/describe-method.js';
import {loadMethod} from '../methods/contract/load-method.js';

export type {MethodDescription};

/**
 * All that a method says about itself.
 * @throws UserError naming the known methods when there is none of that name
 */
export async function showMethod(name: string): Promise<MethodDescription> {
  return describeMethod(await loadMethod(name));
}
