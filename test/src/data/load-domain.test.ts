import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {listDomains, loadDomain} from '../../../src/data/load-domain.js';
import {exitCodes} from '../../../src/support/errors.js';
import {folderOf} from '../../support/files-on-disk.js';

const domain = {
  name: 'birds',
  summary: 'Birds.',
  classSets: {garden: {names: {robin: 'robin', tit: 'great tit'}}},
  templates: ['a photo of a {}.'],
  keywords: ['wing', 'beak'],
  licence: 'own photos',
  references: [],
};
const write = async (content: string, name = 'birds.mjs') => join(await folderOf({[name]: content}), name);
const exporting = (value: object) => write(`export default ${JSON.stringify(value)};`);

describe('loadDomain', () => {
  it('loads a domain of ours by name', async () => {
    expect(await listDomains()).toEqual(expect.arrayContaining(['remote-sensing', 'toy']));
    expect((await loadDomain('toy')).name).toBe('toy');
  });

  it('names the known domains and the nearest', async () => {
    await expect(loadDomain('remote-sensin')).rejects.toMatchObject({
      message: expect.stringMatching(
        /^domain: expected a known domain, got remote-sensin \(known: .*did you mean remote-sensing\?\)$/,
      ) as string,
      exit: exitCodes.usage,
    });
  });

  it('loads a user’s own file', async () => {
    expect(await loadDomain(await exporting(domain))).toEqual(domain);
  });

  it.each([
    [{...domain, templates: ['a photo']}, 'templates.0: expected one {} for the class'],
    [{...domain, templates: []}, /templates: .*>=1/],
    [{...domain, keywords: ['wing', 'wing']}, 'keywords: expected different keywords'],
    [{...domain, keywords: [' ']}, /keywords\.0: /],
    [{...domain, licence: undefined}, /licence: .*expected string, received undefined/],
    [{...domain, licence: ''}, /licence: /],
    [
      {...domain, classSets: {garden: {names: {robin: 'bird'}}}},
      'classSets.garden.names: expected at least two classes',
    ],
    [
      {...domain, classSets: {garden: {names: {robin: 'bird', tit: 'bird'}}}},
      'classSets.garden.names: expected different names',
    ],
    [{...domain, data: {captioned: 1}}, 'data.captioned: expected a function'],
    [{...domain, tempaltes: []}, /default export: .*"tempaltes"/],
    [{...domain, name: 'Birds!'}, 'name: expected small letters, digits and hyphens'],
  ])('names the fault of %j', async (value, fault) => {
    const path = await exporting(value);
    const error: unknown = await loadDomain(path).catch((reason: unknown) => reason);
    expect(error).toMatchObject({exit: exitCodes.data});
    const start = `${path}: expected a domain as its default export, got these faults: `;
    expect((error as Error).message.startsWith(start)).toBe(true);
    expect((error as Error).message.slice(start.length)).toMatch(fault);
  });

  it('names all faults at once', async () => {
    const path = await exporting({...domain, templates: ['x'], keywords: ['a', 'a']});
    await expect(loadDomain(path)).rejects.toThrow(
      'templates.0: expected one {} for the class; keywords: expected different keywords',
    );
  });

  it('refuses files that are no module, another kind or not there', async () => {
    const broken = await write('export default {');
    await expect(loadDomain(broken)).rejects.toMatchObject({
      message: expect.stringMatching(/birds\.mjs: expected a module that loads, got .+/) as string,
      exit: exitCodes.data,
    });
    await expect(loadDomain(await write('throw new Error("no wings");'))).rejects.toThrow(
      /expected a module that loads, got Error: no wings$/,
    );
    await expect(loadDomain(await write('export const a = 1;'))).rejects.toThrow(
      /got these faults: default export: /,
    );
    await expect(loadDomain('./birds.yaml')).rejects.toThrow(
      './birds.yaml: expected a domain name or a .js or .mjs file, got .yaml',
    );
    await expect(loadDomain('./birds.mjs')).rejects.toThrow(
      './birds.mjs: expected a domain file, got no such file',
    );
    const other = await write(`export default ${JSON.stringify(domain)};`, 'fish.mjs');
    await expect(loadDomain(other)).rejects.toThrow(
      `${other}: expected the name fish, as the file, got birds`,
    );
  });
});
