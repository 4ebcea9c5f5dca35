import {readFileSync} from 'node:fs';
import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import sharp from 'sharp';
import {describe, expect, it} from 'vitest';
import {initDomain, type DomainAnswers} from '../../../src/app/init-domain.js';
import {loadDomain} from '../../../src/data/load-domain.js';
import {folderOf} from '../../support/files-on-disk.js';

const answers = {
  summary: 'Photos of garden birds.',
  classes: ['robin', 'greattit=great tit', 'houseSparrow'],
  templates: ['a photo of a {}, a bird.'],
  keywords: ['wing', 'beak'],
  mirror: true,
  licence: 'our own photos',
  references: ['a page'],
} satisfies Omit<DomainAnswers, 'file'>;

describe('initDomain', () => {
  it.each(['birds.yaml', 'birds.ts'])('writes %s, which loads as what was said', async (name) => {
    const file = join(await folderOf({}), name);
    const made = await initDomain({...answers, file});
    expect(await loadDomain(file)).toEqual(made);
    expect(made).toMatchObject({
      name: 'birds',
      summary: answers.summary,
      classSets: {
        classes: {names: {robin: 'robin', greattit: 'great tit', houseSparrow: 'house sparrow'}},
      },
      augmentation: {mirror: true},
    });
    expect(readFileSync(file, 'utf8').split('\n')[0]).toContain(`fewclip adapt --domain ./${name}`);
  });

  it('reads classes off a labelled set and keywords from captions', async () => {
    const folder = await folderOf({
      'pairs/captions.csv':
        'file,caption\na.png,a red robin on a branch\nb.png,the robin and its branch\nc.png,a nest',
    });
    const png = await sharp({create: {width: 4, height: 4, channels: 3, background: 'red'}})
      .png()
      .toBuffer();
    for (const path of [
      'pairs/a.png',
      'pairs/b.png',
      'pairs/c.png',
      'birds/greatTit/1.png',
      'birds/robin/2.png',
    ]) {
      await mkdir(join(folder, path, '..'), {recursive: true});
      await writeFile(join(folder, path), png);
    }
    const made = await initDomain({
      ...answers,
      file: join(folder, 'birds.yaml'),
      classes: [],
      data: join(folder, 'birds'),
      keywords: [],
      captions: join(folder, 'pairs'),
    });
    expect(made.classSets['classes']!.names).toEqual({greatTit: 'great tit', robin: 'robin'});
    expect(made.keywords).toEqual(expect.arrayContaining(['branch']));
    expect(made.keywords).not.toContain('nest');
  });

  it('names all wrong answers at once, and never writes over a file', async () => {
    const folder = await folderOf({'there.yaml': 'name: there\n'});
    const wrong = {...answers, classes: ['one'], templates: ['a photo']};
    const error: unknown = await initDomain({...wrong, file: join(folder, 'birds.yaml')}).catch(
      (e: unknown) => e,
    );
    expect((error as Error).message).toBe(
      'init domain: expected answers that make a domain, got these faults: ' +
        'classSets.classes.names: expected at least two classes; templates.0: expected one {} for the class',
    );
    const there = join(folder, 'there.yaml');
    await expect(initDomain({...answers, file: there})).rejects.toThrow(
      `${there}: expected no such file yet, got one`,
    );
    expect(readFileSync(there, 'utf8')).toBe('name: there\n');
    await expect(initDomain({...answers, file: 'birds.json'})).rejects.toThrow(
      'birds.json: expected a file name with .yaml, .yml, .ts, got .json',
    );
  });
});
