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
    [{...domain, tempaltes: []}, /^tempaltes: expected a known key \(known: .*did you mean templates\?\)$/],
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
    await expect(loadDomain('./birds.toml')).rejects.toThrow(
      './birds.toml: expected a domain name or a .ts, .mts, .js, .mjs, .yaml, .yml file, got .toml',
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

describe('a YAML file', () => {
  const yaml = `name: birds
summary: Birds.
classSets:
  garden: {names: {robin: robin, tit: great tit}}
templates: ['a photo of a {}.']
keywords: [wing, beak]
licence: own photos
references: []
`;

  it('is a domain as a module is', async () => {
    expect(await loadDomain(await write(yaml, 'birds.yaml'))).toEqual(domain);
  });

  it('has its faults named with line and column, all at once', async () => {
    const path = await write(
      yaml.replace('summary', 'sumary').replace('a photo of a {}.', 'a photo'),
      'birds.yaml',
    );
    const error: unknown = await loadDomain(path).catch((reason: unknown) => reason);
    const {message, exit} = error as {message: string; exit: number};
    expect(exit).toBe(exitCodes.data);
    expect(message.replaceAll(path, 'FILE').split('; FILE')).toEqual([
      'FILE:1:1: summary: Invalid input: expected string, received undefined',
      ':5:13: templates.0: expected one {} for the class',
      expect.stringMatching(
        /^:2:1: sumary: expected a known key \(known: name, summary, .*did you mean summary\?\)$/,
      ),
    ]);
  });

  it('that is no YAML is refused at its place', async () => {
    const path = await write('name: [birds\nsummary: x\n', 'birds.yaml');
    await expect(loadDomain(path)).rejects.toThrow(/birds\.yaml:\d+:\d+: expected YAML, got /);
  });
});

it('a TypeScript file loads in plain Node, with types and with files of its own', async () => {
  const folder = await folderOf({
    'words.ts': "export const keywords: readonly string[] = ['wing', 'beak'];",
    'birds.ts': `import {keywords} from './words.js';
interface Names { readonly [label: string]: string }
const names: Names = {robin: 'robin', tit: 'great tit'};
export default ${JSON.stringify({...domain, classSets: undefined, keywords: undefined}).slice(0, -1)},
  classSets: {garden: {names}}, keywords} satisfies object;
`,
  });
  expect(await loadDomain(join(folder, 'birds.ts'))).toEqual(domain);
});
