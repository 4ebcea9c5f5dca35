import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {openEvaluationSet} from '../../../src/eval/evaluation-set.js';
import {exitCodes, UserError} from '../../../src/support/errors.js';
import {temporaryFolder} from '../../support/temporary-folder.js';

const root = temporaryFolder();

/** A set with a manifest; the images are never decoded here. */
function writeSet(name: string, rows: readonly Record<string, unknown>[]): string {
  const folder = join(root, name);
  mkdirSync(join(folder, 'images'), {recursive: true});
  for (const {file} of rows) writeFileSync(join(folder, 'images', String(file)), `bytes of ${String(file)}`);
  writeFileSync(join(folder, 'manifest.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'));
  return folder;
}

async function failure(run: Promise<unknown>): Promise<UserError> {
  const error = await run.then(
    () => new Error('expected a UserError, got a result'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof UserError) return error;
  throw error;
}

const full = writeSet('farm', [
  {file: 'a.png', class: 'cow', captions: ['a cow'], split: 'val'},
  {file: 'b.png', class: 'sheep', split: 'val'},
  {file: 'c.png', captions: ['two barns', 'barns'], split: 'val'},
  {file: 'd.png', class: 'cow', captions: ['a calf'], split: 'train'},
]);

describe('openEvaluationSet', () => {
  it('takes the held-out rows: classes and captions as far as they are there, each image once', async () => {
    const set = await openEvaluationSet(full);
    expect(set.name).toBe('farm');
    expect(set.images.map(({id}) => id).sort()).toEqual(['a.png', 'b.png', 'c.png']);
    const id = (row: {readonly image: number}) => set.images[row.image]!.id;
    expect(set.labelled!.map((row) => [id(row), row.label])).toEqual([
      ['a.png', 'cow'],
      ['b.png', 'sheep'],
    ]);
    expect(set.captioned!.map((row) => [id(row), row.captions])).toEqual([
      ['a.png', ['a cow']],
      ['c.png', ['two barns', 'barns']],
    ]);
  });

  it('opens no more than the task needs', async () => {
    const zeroShot = await openEvaluationSet(full, {task: 'zeroshot'});
    expect(zeroShot.captioned).toBeUndefined();
    expect(zeroShot.images).toHaveLength(2);
    const retrieval = await openEvaluationSet(full, {task: 'retrieval', split: 'train'});
    expect(retrieval.labelled).toBeUndefined();
    expect(retrieval.captioned).toEqual([{image: 0, captions: ['a calf']}]);
  });

  it('measures what the data allows when no task is named', async () => {
    const onlyClasses = writeSet('labels', [{file: 'a.png', class: 'cow'}]);
    const onlyCaptions = writeSet('captions', [{file: 'a.png', captions: ['a cow']}]);
    expect((await openEvaluationSet(onlyClasses)).captioned).toBeUndefined();
    expect((await openEvaluationSet(onlyCaptions)).labelled).toBeUndefined();
    expect((await failure(openEvaluationSet(onlyClasses, {task: 'both'}))).message).toContain(
      'expected captions',
    );
    expect((await failure(openEvaluationSet(onlyCaptions, {task: 'zeroshot'}))).message).toContain(
      'expected classes',
    );
  });

  it('refuses data with neither classes nor captions', async () => {
    const bare = writeSet('bare', [{file: 'a.png'}]);
    const error = await failure(openEvaluationSet(bare));
    expect(error.message).toBe(`${bare}: expected images with a class or with captions, got neither`);
    expect(error.exit).toBe(exitCodes.data);
  });

  it('says what is wrong with the files, not with the task, when they cannot be read', async () => {
    const missing = join(root, 'nowhere');
    const error = await failure(openEvaluationSet(missing));
    expect(error.message).toContain(missing);
    expect(error.message).not.toContain('got neither');
    expect(error.exit).toBe(exitCodes.data);
  });

  it('takes rows evenly from the whole set when limited, so that sets sorted by class keep their classes', async () => {
    const many = writeSet(
      'many',
      Array.from({length: 40}, (_, i) => ({
        file: `${String(i).padStart(2, '0')}.png`,
        class: `c${Math.floor(i / 10)}`,
      })),
    );
    const set = await openEvaluationSet(many, {limit: 8});
    expect(set.labelled!.map(({label}) => label)).toEqual(['c0', 'c0', 'c1', 'c1', 'c2', 'c2', 'c3', 'c3']);
    expect(set.images).toHaveLength(8);
  });
});
