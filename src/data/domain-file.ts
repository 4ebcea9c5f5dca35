import {readFile, stat} from 'node:fs/promises';
import {basename, extname, resolve} from 'node:path';
import {pathToFileURL} from 'node:url';
import {UserError, exitCodes} from '../support/errors.js';
import {parseYaml, type YamlDocument} from '../support/yaml-document.js';
import type {Domain} from './domain.js';
import {domainIssues} from './domain-schema.js';
import {utf8Text} from './utf8-text.js';

/** What a domain of a user's own may be written in. */
export const domainExtensions = ['.ts', '.mts', '.js', '.mjs', '.yaml', '.yml'] as const;

/**
 * Loads a domain of the user's own: a YAML file, or a module whose default export it is. A module is a program and is
 * run: only load files you trust. TypeScript needs nothing installed.
 * @throws UserError (data) when the file is no domain, with every fault; in YAML with line and column
 */
export async function loadDomainFile(path: string): Promise<Domain> {
  const extension = extname(path);
  if (!(domainExtensions as readonly string[]).includes(extension)) {
    const expected = `a domain name or a ${domainExtensions.join(', ')} file`;
    throw failed(path, expected, extension || 'another path');
  }
  const stats = await stat(path).catch(() => undefined);
  if (!stats?.isFile()) throw failed(path, 'a domain file', 'no such file');
  const document = /^\.ya?ml$/.test(extension) ? await readYaml(path) : undefined;
  const value = document ? document.value : await loadModule(path, extension);
  const issues = domainIssues(value);
  if (issues.length > 0) {
    if (document === undefined) {
      const faults = issues.map(({at, message}) => `${at.join('.') || 'default export'}: ${message}`);
      throw failed(path, 'a domain as its default export', `these faults: ${faults.join('; ')}`);
    }
    const faults = issues.map(
      ({at, message}) =>
        `${path}:${document.placeOf(at)}: ${at.length === 0 ? '' : `${at.join('.')}: `}${message}`,
    );
    throw new UserError(faults.join('; '), {exit: exitCodes.data});
  }
  const domain = value as Domain;
  const name = basename(path, extension);
  if (domain.name !== name) throw failed(path, `the name ${name}, as the file`, domain.name);
  return domain;
}

async function readYaml(path: string): Promise<YamlDocument> {
  return parseYaml(utf8Text(await readFile(path), path), path, exitCodes.data);
}

async function loadModule(path: string, extension: string): Promise<unknown> {
  try {
    if (!extension.endsWith('ts')) {
      return ((await import(pathToFileURL(resolve(path)).href)) as {readonly default?: unknown}).default;
    }
    const {createJiti} = await import('jiti');
    // nothing is written beside the user's files
    const jiti = createJiti(import.meta.url, {fsCache: false, moduleCache: false});
    return await jiti.import(resolve(path), {default: true});
  } catch (error) {
    throw failed(path, 'a module that loads', String(error), error);
  }
}

function failed(path: string, expected: string, got: string, cause?: unknown): UserError {
  return new UserError(`${path}: expected ${expected}, got ${got}`, {exit: exitCodes.data, cause});
}
