import {describeMethod, type MethodDescription} from '../methods/contract/describe-method.js';
import {listMethods, loadMethod} from '../methods/contract/load-method.js';

/** What a list tells of a method. */
export type MethodSummary = Pick<MethodDescription, 'name' | 'summary' | 'reads' | 'cites'>;

/** All methods, by name. */
export async function methodSummaries(): Promise<MethodSummary[]> {
  const methods = await Promise.all((await listMethods()).map(loadMethod));
  return methods.map((method) => {
    const {name, summary, reads, cites} = describeMethod(method);
    return {name, summary, reads, cites};
  });
}
