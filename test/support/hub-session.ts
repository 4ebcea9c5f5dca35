import {join} from 'node:path';
import {afterEach, beforeEach} from 'vitest';
import {hubEnvironment} from '../../src/model/hub/hub-environment.js';
import {
  parseModelReference,
  pullReference,
  resolveModel,
  type PulledSnapshot,
  type ResolveOptions,
} from '../../src/model/model-reference.js';
import type {UserError} from '../../src/support/errors.js';
import {sha256, startFakeHub, type FakeHub} from './fake-hub.js';
import {busyRepository, commitA} from './hub-models.js';
import {temporaryFolder} from './temporary-folder.js';

/** A hub with the repository `lab/clip` and an empty cache, both new for every test of the file. */
export class HubSession {
  hub!: FakeHub;
  home!: string;

  /** Options for this hub and cache; `variables` are added to the environment. */
  options(variables: Record<string, string> = {}): ResolveOptions {
    const own = {HF_HOME: this.home, HF_ENDPOINT: `${this.hub.endpoint}/`};
    return {environment: hubEnvironment({...own, ...variables}), retryDelaysMs: []};
  }

  resolve(reference = 'hf:lab/clip', more: ResolveOptions = {}): Promise<string> {
    return resolveModel(reference, {...this.options(), ...more});
  }

  async pull(reference = 'hf:lab/clip', more: ResolveOptions = {}): Promise<PulledSnapshot> {
    const parsed = await parseModelReference(reference);
    if (parsed.kind !== 'hub') throw new Error('expected a reference to the hub');
    return pullReference(parsed, {...this.options(), ...more});
  }

  /** Where `lab/clip` is cached. */
  get folder(): string {
    return join(this.home, 'hub', 'models--lab--clip');
  }

  /** The weights of `lab/clip`. */
  get weights(): Buffer {
    return this.hub.repositories['lab/clip']!.files['model.safetensors']!;
  }

  /** Where the weights of `lab/clip` are cached. */
  get blob(): string {
    return join(this.folder, 'blobs', sha256(this.weights));
  }

  get lines(): string[] {
    return this.hub.requests.map(({line}) => line);
  }
}

export function hubSession(): HubSession {
  const root = temporaryFolder();
  const session = new HubSession();
  let count = 0;
  beforeEach(async () => {
    session.home = join(root, `home-${count++}`);
    session.hub = await startFakeHub({'lab/clip': {commit: commitA, files: busyRepository()}});
  });
  afterEach(() => session.hub.close());
  return session;
}

/** What a promise was refused with. */
export function refusalOf(promise: Promise<unknown>): Promise<UserError | undefined> {
  return promise.then(
    () => undefined,
    (error: unknown) => error as UserError,
  );
}
