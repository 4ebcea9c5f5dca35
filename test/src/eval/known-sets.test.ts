import {mkdirSync, writeFileSync} from 'node:fs';
import {dirname, join, resolve} from 'node:path';
import sharp from 'sharp';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {openEvaluationSet} from '../../../src/eval/evaluation-set.js';
import {
  listKnownSets,
  loadKnownSet,
  openKnownSet,
  placedSet,
  setReference,
} from '../../../src/eval/open-known-set.js';
import {exitCodes} from '../../../src/support/errors.js';
import {temporaryFolder} from '../../support/temporary-folder.js';

const root = temporaryFolder();
const before = process.env['FEWCLIP_SETS'];
let png: Buffer;

beforeAll(async () => {
  process.env['FEWCLIP_SETS'] = root;
  png = await sharp({create: {width: 12, height: 8, channels: 3, background: '#a03010'}})
    .png()
    .toBuffer();
});

afterAll(() => {
  if (before === undefined) delete process.env['FEWCLIP_SETS'];
  else process.env['FEWCLIP_SETS'] = before;
});

/** Writes files below the folder of all sets; an image where no content is given. */
function files(entries: Readonly<Record<string, string | null>>): void {
  for (const [name, content] of Object.entries(entries)) {
    mkdirSync(dirname(join(root, name)), {recursive: true});
    writeFileSync(join(root, name), content ?? png);
  }
}

const sets = await listKnownSets();

describe('every known set', () => {
  it('is one of those that papers report', () => {
    expect(sets).toEqual(
      expect.arrayContaining([
        ...['imagenet', 'pets', 'dtd', 'food101', 'flowers', 'sun397', 'caltech101', 'cifar10', 'cifar100'],
        ...['flickr30k', 'coco', 'oxford5k', 'paris6k', 'copydays', 'holidays'],
        ...['aid', 'resisc45', 'whu-rs19', 'rsscn7', 'rsicd', 'fashion200k', 'polyvore'],
      ]),
    );
  });

  it.each(sets)('%s says what it is, where it comes from and what its classes are', async (name) => {
    const set = await loadKnownSet(name);
    expect(set.name).toBe(name);
    expect(set.source).toMatch(/^\S.+\S$/);
    expect(set.folders.length).toBeGreaterThan(0);
    const kinds = [set.classes, set.asData, 'instances' in set].filter(Boolean);
    expect(kinds).toHaveLength(1);
    for (const template of set.templates ?? []) expect(template.split('{}')).toHaveLength(2);
    if (set.classes) expect(set.templates!.length).toBeGreaterThan(0);
    for (const classSet of Object.values(set.domain?.classSets ?? {})) {
      expect(Object.keys(classSet.names).length).toBeGreaterThan(1);
    }
    const {names, count} = set.classes ?? {};
    if (names) {
      expect(Object.keys(names)).toHaveLength(count!);
      // CLIP's own list has two pairs of classes with one name
      expect(new Set(Object.values(names)).size).toBe(name === 'imagenet' ? 998 : count);
      for (const [label, text] of Object.entries(names)) expect(`${label} ${text}`).toMatch(/^\S+ \S.*\S$/);
    }
  });

  it.each(sets)('%s is named in one sentence when it is not there', async (name) => {
    const {title, source} = await loadKnownSet(name);
    const path = join(root, 'none');
    await expect(openKnownSet({name, folder: path})).rejects.toMatchObject({
      message: `evaluation set ${name}: expected ${title} in ${path}, got no such folder: it comes from ${source}`,
      exit: exitCodes.data,
    });
  });
});

describe('openKnownSet', () => {
  it('reads the list of the pets, whose file names say the breed', async () => {
    files({
      'pets/annotations/test.txt': '# a comment\nAbyssinian_201 1 1 1\namerican_bulldog_100 2 2 1\n',
      'pets/images/Abyssinian_201.jpg': null,
      'pets/images/american_bulldog_100.jpg': null,
    });
    const {labelled, domain} = await openKnownSet({name: 'pets', folder: undefined});
    expect(labelled!.map(({image, label}) => [image.id, label])).toEqual([
      ['images/Abyssinian_201.jpg', 'abyssinian'],
      ['images/american_bulldog_100.jpg', 'american_bulldog'],
    ]);
    expect(domain!.classSets['pets']!.names['american_bulldog']).toBe('American Bulldog');
    expect(domain!.templates).toEqual(['a photo of a {}, a type of pet.']);
  });

  it('takes a folder a class instead, however capitals and spaces are written', async () => {
    files({'elsewhere/test/American Bulldog/a.png': null, 'elsewhere/test/Siamese/b.png': null});
    const {labelled} = await openKnownSet({name: 'pets', folder: join(root, 'elsewhere')});
    expect(labelled!.map(({label}) => label)).toEqual(['american_bulldog', 'siamese']);
  });

  it('knows the synsets of ImageNet, the numbers of the flowers, and leaves out the background of Caltech', async () => {
    files({'imagenet/val/n01440764/a.png': null, 'imagenet/val/n15075141/b.png': null});
    const {domain, labelled} = await openKnownSet({name: 'imagenet', folder: undefined});
    const {names} = domain!.classSets['imagenet']!;
    expect(labelled!.map(({label}) => names[label])).toEqual(['tench', 'toilet paper']);
    files({'flowers102/test/001/a.png': null, 'flowers102/test/102/b.png': null});
    expect(
      (await openKnownSet({name: 'flowers', folder: undefined})).labelled!.map(({label}) => label),
    ).toEqual(['1', '102']);
    const caltech = 'caltech101/101_ObjectCategories';
    files({[`${caltech}/BACKGROUND_Google/a.png`]: null, [`${caltech}/Faces_easy/b.png`]: null});
    expect(
      (await openKnownSet({name: 'caltech101', folder: undefined})).labelled!.map(({label}) => label),
    ).toEqual(['faces_easy']);
  });

  it('reads the lists of the scenes, textures and dishes, and wants all their classes', async () => {
    files({
      'sun397/Testing_01.txt': '/a/abbey/x.jpg\n/a/apartment_building/outdoor/y.jpg\n',
      'sun397/a/abbey/x.jpg': null,
      'sun397/a/apartment_building/outdoor/y.jpg': null,
    });
    await expect(openKnownSet({name: 'sun397', folder: undefined})).rejects.toThrow(
      `${join(root, 'sun397')}: expected the 397 classes of sun397, got 2`,
    );
    const textures = Array.from({length: 47}, (_, i) => `kind_${i}`);
    files({
      'dtd/labels/test1.txt': textures.map((name) => `${name}/${name}_1.jpg`).join('\n'),
      ...Object.fromEntries(textures.map((name) => [`dtd/images/${name}/${name}_1.jpg`, null])),
    });
    const {labelled, domain} = await openKnownSet({name: 'dtd', folder: undefined});
    expect(labelled).toHaveLength(47);
    expect(domain!.classSets['dtd']!.names['kind_3']).toBe('kind 3');
  });

  it('says which line of a list, or which image of it, is wrong', async () => {
    files({'wrong/annotations/test.txt': 'Abyssinian_201\n'});
    await expect(openKnownSet({name: 'pets', folder: join(root, 'wrong')})).rejects.toThrow(
      `${join(root, 'wrong/annotations/test.txt')}: line 1: expected an image of the set, got Abyssinian_201`,
    );
    files({'wrong/annotations/test.txt': 'Abyssinian_201 1 1 1\n'});
    await expect(openKnownSet({name: 'pets', folder: join(root, 'wrong')})).rejects.toThrow(
      `${join(root, 'wrong/images/Abyssinian_201.jpg')}: expected an image of the set, got no such file`,
    );
  });

  it("reads CIFAR's binary files, planes of red, green and blue", async () => {
    const record = Buffer.alloc(1 + 3072);
    record[0] = 6;
    record.fill(200, 1, 1 + 1024);
    record[1 + 1024 + 33] = 90; // green, second row, second column
    mkdirSync(join(root, 'cifar10'), {recursive: true});
    writeFileSync(join(root, 'cifar10', 'test_batch.bin'), Buffer.concat([record, record]));
    const {labelled} = await openKnownSet({name: 'cifar10', folder: undefined});
    expect(labelled!.map(({label}) => label)).toEqual(['frog', 'frog']);
    const {data, info} = await sharp(await labelled![0]!.image.read())
      .raw()
      .toBuffer({resolveWithObject: true});
    expect({width: info.width, channels: info.channels}).toEqual({width: 32, channels: 3});
    expect([...data.subarray(33 * 3, 34 * 3)]).toEqual([200, 90, 0]);
    writeFileSync(join(root, 'cifar10', 'test_batch.bin'), record.subarray(1));
    await expect(openKnownSet({name: 'cifar10', folder: undefined})).rejects.toThrow(
      `${join(root, 'cifar10/test_batch.bin')}: expected records of 3073 bytes, got 3072 bytes in all`,
    );
  });

  it('reads the searches of the buildings: boxes, right images and those that do not count', async () => {
    files({
      'oxford5k/images/all_souls_1.jpg': null,
      'oxford5k/images/all_souls_2.jpg': null,
      'oxford5k/images/radcliffe_3.jpg': null,
      'oxford5k/gt/all_souls_1_query.txt': 'oxc1_all_souls_1 1.5 2 9 90\n',
      'oxford5k/gt/all_souls_1_good.txt': 'all_souls_1\nnever_published\n',
      'oxford5k/gt/all_souls_1_ok.txt': 'all_souls_2\n',
      'oxford5k/gt/all_souls_1_junk.txt': 'radcliffe_3\n',
    });
    const {instances} = await openKnownSet({name: 'oxford5k', folder: undefined});
    expect(instances!.images.map(({id}) => id.replace(/.*\//, ''))).toEqual([
      'all_souls_1.jpg',
      'all_souls_2.jpg',
      'radcliffe_3.jpg',
    ]);
    const [query] = instances!.queries;
    expect({good: query!.good, junk: query!.junk}).toEqual({good: [0, 1], junk: [2]});
    const {width, height} = await sharp(await query!.image.read()).metadata();
    // from the first pixel that the box touches to the last that there is
    expect({width, height}).toEqual({width: 8, height: 6});
  });

  it('reads groups by their numbers: the first looks for the others', async () => {
    files({
      'copydays/original/200000.jpg': null,
      'copydays/original/200100.jpg': null,
      'copydays/strong/200001.jpg': null,
      'copydays/strong/200002.jpg': null,
    });
    const {instances} = await openKnownSet({name: 'copydays', folder: undefined});
    expect(instances!.images).toHaveLength(4);
    // 200100 has no copy: it is searched, and looks for nothing
    expect(instances!.queries.map(({image, good, junk}) => [image.id, good, junk])).toEqual([
      ['original/200000.jpg', [2, 3], [0]],
    ]);
    await expect(openKnownSet({name: 'copydays', folder: join(root, 'oxford5k')})).rejects.toThrow(
      'got another layout: it comes from https://lear.inrialpes.fr',
    );
  });

  it('names the nearest for an unknown name', async () => {
    await expect(openKnownSet({name: 'pest', folder: undefined})).rejects.toThrow('did you mean pets?');
  });
});

describe('sets that are opened as any other data', () => {
  it('have their splits and captions', async () => {
    files({
      'flickr30k/images/a.jpg': null,
      'flickr30k/images/b.jpg': null,
      'flickr30k/captions.csv': 'file,caption,split\na.jpg,a dog,test\nb.jpg,a cat,val\n',
    });
    const set = await openEvaluationSet('set:flickr30k');
    expect(set.captioned!.map(({captions}) => captions)).toEqual([['a dog']]);
    const other = await openEvaluationSet('set:flickr30k', {split: 'val'});
    expect(other.captioned!.map(({captions}) => captions)).toEqual([['a cat']]);
    expect(set.domain).toBeUndefined();
  });

  it('have the class names of their domain', async () => {
    files({'whu-rs19/Airport/a.jpg': null, 'whu-rs19/Beach/b.jpg': null});
    const set = await openEvaluationSet('set:whu-rs19');
    expect(set.name).toBe('whu-rs19');
    expect(set.labelled!.map(({label}) => label)).toEqual(['Airport', 'Beach']);
    expect(set.domain!.name).toBe('remote-sensing');
    expect(Object.keys(set.domain!.classSets['whu-rs19']!.names)).toEqual(
      expect.arrayContaining(['Airport', 'Beach']),
    );
  });
});

describe('references', () => {
  it('name a set, and its folder where it has one', () => {
    expect(setReference('set:pets')).toEqual({name: 'pets', folder: undefined});
    expect(setReference('set:pets=/data/my pets')).toEqual({name: 'pets', folder: '/data/my pets'});
    expect(setReference('pets')).toBeNull();
    expect(setReference('domain:toy')).toBeNull();
  });

  it('become absolute, so that they mean the same everywhere', async () => {
    files({'food101/x.txt': ''});
    expect(await placedSet({name: 'food101', folder: undefined})).toBe(
      `set:food101=${resolve(root, 'food101')}`,
    );
  });
});

describe('openEvaluationSet by name', () => {
  it('has its classes, or its searches with queries beside what is searched', async () => {
    const pets = await openEvaluationSet('set:pets');
    expect(pets.name).toBe('pets');
    expect(pets.labelled).toHaveLength(2);
    expect(pets.domain!.name).toBe('pets');
    const oxford = await openEvaluationSet('set:oxford5k');
    expect(oxford.search).toEqual({searched: [0, 1, 2], queries: [{image: 3, good: [0, 1], junk: [2]}]});
    expect(oxford.images).toHaveLength(4);
  });

  it('is its own split, and measures what it is for', async () => {
    await expect(openEvaluationSet('set:pets', {split: 'val'})).rejects.toThrow(
      'set:pets: expected no split, got val: the set is a test split itself',
    );
    await expect(openEvaluationSet('set:pets', {task: 'retrieval'})).rejects.toThrow(
      'set:pets: expected a set for --task retrieval, got one for zeroshot or image-search',
    );
    await expect(openEvaluationSet('set:copydays', {task: 'zeroshot'})).rejects.toThrow(
      'set:copydays: expected a set for --task zeroshot, got one for image-search',
    );
  });
});

describe('openEvaluationSet for image search', () => {
  it('lets every image look for the others of its class, itself left out', async () => {
    files({
      'classes/cow/0.png': null,
      'classes/cow/1.png': null,
      'classes/barn/2.png': null,
      'classes/cow/3.png': null,
    });
    const {search, labelled, captioned} = await openEvaluationSet(join(root, 'classes'), {
      task: 'image-search',
    });
    expect({labelled, captioned}).toEqual({labelled: undefined, captioned: undefined});
    expect(search!.searched).toHaveLength(4);
    expect(search!.queries.map(({good, junk}) => [good.length, junk.length])).toEqual([
      [2, 1],
      [2, 1],
      [2, 1],
    ]);
    for (const {image, good, junk} of search!.queries) {
      expect(search!.searched[junk[0]!]).toBe(image);
      expect(good).not.toContain(junk[0]);
    }
  });
});
