import {exitCodes, UserError} from '../../support/errors.js';
import type {HubEnvironment} from './hub-environment.js';
import {nearestReference} from './known-models.js';

/** What is asked for, for errors. */
export interface Asked {
  /** The reference as the user gave it. */
  readonly reference: string;
  readonly repository: string;
  readonly revision: string;
}

/**
 * A `fetch` for the hub: it sends the token to the hub and nowhere else, and turns every refusal and every failure
 * of the network into a sentence.
 */
export function hubFetch(environment: HubEnvironment, asked: Asked, signal: AbortSignal): typeof fetch {
  return async (input, init) => {
    const headers = new Headers(init?.headers);
    const token = await environment.token();
    // a redirect to another host drops this header: that is how fetch is defined
    if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
    headers.set('user-agent', 'fewclip');
    // bytes are counted and resumed, so they must come as they are
    headers.set('accept-encoding', 'identity');
    const response = await fetch(input, {...init, headers, signal}).catch((error: unknown) => {
      throw networkError(environment, asked, signal, error);
    });
    // 416: the part that is there already reaches beyond the file
    if (response.ok || response.status === 416) return response;
    await response.body?.cancel();
    throw refusal(environment, asked, response, token !== undefined);
  };
}

/** What a failure below HTTP becomes; an abort by a signal of the system keeps its exit code. */
export function networkError(
  {endpoint}: HubEnvironment,
  {reference}: Asked,
  signal: AbortSignal,
  error: unknown,
): UserError {
  if (error instanceof UserError) return error;
  if (signal.aborted) {
    const exit = signal.reason === 'SIGTERM' ? exitCodes.terminated : exitCodes.interrupted;
    return new UserError(`${reference}: stopped; the same command goes on from here`, {exit});
  }
  const cause = ((error as Error).cause ?? error) as NodeJS.ErrnoException;
  return new UserError(
    `${reference}: expected an answer of ${endpoint}, got ${cause.code ?? cause.message}`,
    {
      exit: exitCodes.retry,
      tryThis: 'check the network and run the same command again: it goes on where it stopped',
      cause: error,
    },
  );
}

function refusal(
  environment: HubEnvironment,
  asked: Asked,
  response: Response,
  hadToken: boolean,
): UserError {
  const {reference, repository, revision} = asked;
  const {endpoint} = environment;
  const code = response.headers.get('x-error-code');
  const status = `HTTP ${response.status}`;
  if (response.status === 404 && (code === 'RevisionNotFound' || code === 'EntryNotFound')) {
    const what =
      code === 'RevisionNotFound'
        ? `a revision ${revision} of ${repository}`
        : 'the files that the hub lists';
    return new UserError(`${reference}: expected ${what}, got ${status}`);
  }
  if (response.status === 404) {
    const got = `${status}${suggestion(asked)}`;
    return new UserError(`${reference}: expected a repository at ${endpoint}/${repository}, got ${got}`, {
      tryThis: 'fewclip models list --known',
    });
  }
  if (response.status === 401 || response.status === 403) {
    const page = `${endpoint}/${repository}`;
    const why = hadToken ? 'the token has no access' : 'it is private, gated, or does not exist';
    const got = `${status}: ${why}${suggestion(asked)}`;
    return new UserError(`${reference}: expected access to ${page}, got ${got}`, {
      tryThis: `ask for access at ${page}${hadToken ? '' : ', then set HF_TOKEN'}`,
    });
  }
  if (response.status === 429 || response.status >= 500) {
    return new UserError(`${reference}: expected files from ${endpoint}, got ${status}`, {
      exit: exitCodes.retry,
      tryThis: 'wait a little and run the same command again: it goes on where it stopped',
    });
  }
  return new UserError(`${reference}: expected files from ${endpoint}, got ${status}`);
}

/** The tail of an error about a repository that may be misspelled. */
function suggestion({repository}: Asked): string {
  const nearest = nearestReference(repository);
  return nearest === undefined ? '' : ` (did you mean ${nearest}?)`;
}
