import {stat} from 'node:fs/promises';
import {basename, extname, join, resolve} from 'node:path';
import {pathToFileURL} from 'node:url';
import {UserError, exitCodes} from '../support/errors.js';
import {listModules, loadModule} from '../support/module-folder.js';
import {moduleRoot} from '../support/package-root.js';
import type {Domain} from './domain.js';
import {domainFaults} from './domain-schema.js';

/** Names of the domains that come with the program, sorted. */
export function listDomains(): Promise<string[]> {
  return listModules(domainsFolder());
}

/**
 * Loads a domain by name, or a user's own from the path of a `.js` or `.mjs` file whose default export it is.
 * The file is a program and is run: only load files you trust.
 * @throws UserError (usage) when the name is unknown; (data) when the file is no domain, with every fault.
 */
export async function loadDomain(reference: string): Promise<Domain> {
  if (!/[/\\]|\.\w+$/.test(reference)) return loadModule<Domain>(domainsFolder(), reference, 'domain');
  return loadDomainFile(reference);
}

async function loadDomainFile(path: string): Promise<Domain> {
  const failed = (expected: string, got: string, cause?: unknown) =>
    new UserError(`${path}: expected ${expected}, got ${got}`, {exit: exitCodes.data, cause});
  if (!/\.m?js$/.test(path))
    throw failed('a domain name or a .js or .mjs file', extname(path) || 'another path');
  const stats = await stat(path).catch(() => undefined);
  if (!stats?.isFile()) throw failed('a domain file', 'no such file');
  const module = (await import(pathToFileURL(resolve(path)).href).catch((error: unknown) => {
    throw failed('a module that loads', String(error), error);
  })) as {readonly default?: unknown};
  const faults = domainFaults(module.default);
  if (faults.length > 0) throw failed('a domain as its default export', `these faults: ${faults.join('; ')}`);
  const domain = module.default as Domain;
  const name = basename(path, extname(path));
  if (domain.name !== name) throw failed(`the name ${name}, as the file`, domain.name);
  return domain;
}

function domainsFolder(): string {
  return join(moduleRoot(), 'domains');
}
