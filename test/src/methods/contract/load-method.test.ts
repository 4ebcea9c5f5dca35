import {expect, it} from 'vitest';
import {listMethods, loadMethod} from '../../../../src/methods/contract/load-method.js';
import {UserError} from '../../../../src/support/errors.js';

it('lists the files of the folder, and no helper among them', async () => {
  expect(await listMethods()).toEqual(['clip', 'hard-pl', 's-clip', 'soft-pl']);
});

it('loads a method by name', async () => {
  expect((await loadMethod('s-clip')).needs).toEqual({unpaired: 'images', keywords: true});
});

it('an unknown name is answered with the known ones and the nearest', async () => {
  await expect(loadMethod('soft')).rejects.toThrow(
    new UserError('method: expected a known method, got soft (known: clip, hard-pl, s-clip, soft-pl)'),
  );
  await expect(loadMethod('softpl')).rejects.toThrow(/did you mean soft-pl\?/);
});
