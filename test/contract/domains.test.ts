import {describe, expect, it} from 'vitest';
import {domainIssues} from '../../src/data/domain-schema.js';
import {countClassNames} from '../../src/data/keywords/class-names.js';
import {listDomains, loadDomain} from '../../src/data/load-domain.js';

const names = await listDomains();

it('there are domains to check', () => {
  expect(names).toEqual(
    expect.arrayContaining(['comics', 'emoji', 'fashion', 'remote-sensing', 'science', 'toy']),
  );
});

describe.each(names)('domain %s', (name) => {
  it('holds what a domain must hold, under the name of its file', async () => {
    const domain = await loadDomain(name);
    expect(domain.name).toBe(name);
    expect(domainIssues(domain)).toEqual([]);
  });

  it('has readable class names: words, parted by single spaces', async () => {
    const {classSets} = await loadDomain(name);
    const all = Object.values(classSets).flatMap((set) => Object.values(set.names));
    expect(all.length).toBeGreaterThan(1);
    expect(all.filter((text) => !/^[\p{L}\p{N}'-]+( [\p{L}\p{N}'-]+)*$/u.test(text))).toEqual([]);
    expect(all.filter((text) => text.length > 12 && !text.includes(' '))).toEqual([]);
  });

  it('has keywords that can match: single spaces, none around', async () => {
    const {keywords} = await loadDomain(name);
    expect(keywords.length).toBeGreaterThan(1);
    expect(keywords.filter((text) => text !== text.trim() || /\s{2}|[^\S ]/.test(text))).toEqual([]);
  });

  it('has keywords that are no list of its classes', async () => {
    const domain = await loadDomain(name);
    expect(countClassNames(domain.keywords, domain)).toBeLessThan(domain.keywords.length / 2);
  });

  it('says how keywords are made, how images are varied and why, and which sets there are', async () => {
    const {keywordRule, augmentation, sets, classSets} = await loadDomain(name);
    if (sets === undefined) return;
    expect(keywordRule?.reason).toMatch(/\.$/);
    expect(augmentation?.reason).toMatch(/\.$/);
    expect(keywordRule!.stopWords).toEqual(keywordRule!.stopWords.map((word) => word.toLowerCase()));
    expect(Object.keys(sets).length).toBeGreaterThan(1);
    const named = Object.values(sets).flatMap(({classes}) => classes ?? []);
    expect(named.filter((set) => !Object.hasOwn(classSets, set))).toEqual([]);
    for (const {source} of Object.values(sets)) expect(source).toMatch(/^https:\/\//);
  });

  it('has a summary of one sentence and says what its licence allows', async () => {
    const {summary, licence} = await loadDomain(name);
    expect(summary).toMatch(/^[A-Z].{10,}[^.]\.$/);
    expect(licence.length).toBeGreaterThan(20);
  });

  it('labels its own test data from one class set, and gives readable images and captions', async () => {
    const {data, classSets} = await loadDomain(name);
    if (data === undefined) return;
    const rows = await data.test();
    const sets = Object.values(classSets).filter((set) =>
      rows.every(({label}) => Object.hasOwn(set.names, label)),
    );
    expect(sets).not.toHaveLength(0);
    for (const row of [...(await data.captioned()).slice(0, 3), ...rows.slice(0, 3)]) {
      expect(row.captions.every((caption) => caption.trim() !== '')).toBe(true);
      expect(row.captions.length).toBeGreaterThan(0);
      expect((await row.image.read()).length).toBe(row.image.bytes);
    }
  });
});
