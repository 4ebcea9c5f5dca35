import {loadMethod} from '../../methods/contract/load-method.js';
import type {Method} from '../../methods/contract/method.js';
import {checkParts, type Part} from '../../methods/contract/parts.js';
import {describeFaults} from '../../recipe/check-request.js';
import type {Plan} from '../../recipe/plan.js';
import type {Request} from '../../recipe/request.js';
import {UserError} from '../../support/errors.js';

/**
 * The methods that a request names, the one that decides first.
 * @throws UserError for an unknown method or parameter, and for methods that do not go together
 */
export async function requestedParts({method, params, with: added}: Request): Promise<Part[]> {
  const parts: Part[] = [];
  for (const entry of [{name: method, weight: 1, params}, ...added]) {
    const loaded = await loadMethod(entry.name);
    parts.push({method: loaded, weight: entry.weight, params: checkedParams(loaded, entry.params)});
  }
  checkParts(parts);
  return parts;
}

/** The methods of a plan. */
export function plannedParts({method, with: added}: Pick<Plan, 'method' | 'with'>): Promise<Part[]> {
  return Promise.all(
    [{...method, weight: 1}, ...added].map(async ({name, weight, params}) => ({
      method: await loadMethod(name),
      ...{weight, params},
    })),
  );
}

function checkedParams(method: Method, given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const parsed = method.params.safeParse(given, {reportInput: true});
  if (parsed.success) return parsed.data;
  throw new UserError(
    describeFaults(parsed.error, `method ${method.name}`, Object.keys(method.params.shape)),
    {tryThis: `fewclip methods show ${method.name}`},
  );
}
