import {join} from 'node:path';
import {listModules, loadModule} from '../support/module-folder.js';
import {moduleRoot} from '../support/package-root.js';
import type {Domain} from './domain.js';
import {loadDomainFile} from './domain-file.js';

/** Names of the domains that come with the program, sorted. */
export function listDomains(): Promise<string[]> {
  return listModules(domainsFolder());
}

/**
 * Loads a domain by name, or a user's own from the path of its file, see {@link loadDomainFile}.
 * @throws UserError (usage) when the name is unknown; (data) when the file is no domain, with every fault.
 */
export async function loadDomain(reference: string): Promise<Domain> {
  if (!/[/\\]|\.\w+$/.test(reference)) return loadModule<Domain>(domainsFolder(), reference, 'domain');
  return loadDomainFile(reference);
}

function domainsFolder(): string {
  return join(moduleRoot(), 'domains');
}
