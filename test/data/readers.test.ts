import {fileURLToPath} from 'node:url';
import sharp from 'sharp';
import {describe, expect, it} from 'vitest';
import {openLabelled} from '../../src/data/labels.js';
import {openCaptioned, openImages} from '../../src/data/open-data.js';
import remoteSensing from '../../domains/remote-sensing.js';

const tar = (name: string) => fileURLToPath(new URL(`../../../shared/data/${name}.tar`, import.meta.url));

describe('the sets beside the project', () => {
  // images in all, images with captions in the training split, captions of these
  it.each([
    ['ucm', 1890, 1680, 8400],
    ['magento', 675, 675, 1350],
    ['wesnoth', 421, 421, 840],
    ['flickr8k-train', 6000, 6000, 29997],
    ['openstax', 4588, 1601, 1601],
  ])('%s holds %i images, %i of them with %i captions', async (name, images, captioned, captions) => {
    expect((await openImages(tar(name))).rows).toHaveLength(images);
    const set = await openCaptioned(tar(name));
    expect(set.rows).toHaveLength(captioned);
    expect(set.rows.flatMap((row) => row.captions)).toHaveLength(captions);
    expect(set.rows.flatMap((row) => row.captions).filter((caption) => caption.trim() === '')).toEqual([]);
  });

  it.each([
    ['rsscn7', 2800],
    ['clothing', 3409],
    ['wesnoth-unlabelled', 5548],
    ['openclipart', 5362],
  ])('%s holds %i images and no captions', async (name, images) => {
    expect((await openImages(tar(name))).rows).toHaveLength(images);
    await expect(openCaptioned(tar(name))).rejects.toThrow(/expected captions .* got \d+ images without$/);
  });

  it('counts the figures of openstax without a caption', async () => {
    expect((await openCaptioned(tar('openstax'))).skipped).toEqual({'no caption': 4588 - 1601});
  });

  it.each([
    ['ucm', 'train', 1680],
    ['ucm', 'val', 210],
    ['ucm', undefined, 210],
    ['clothing', 'train', 3068],
    ['clothing', 'validation', 341],
    ['clothing', undefined, 341],
    ['rsscn7', undefined, 2800],
  ])('%s, split %s: %i labelled images', async (name, split, count) => {
    expect((await openLabelled(tar(name), {split})).rows).toHaveLength(count);
  });

  it.each([
    ['ucm', 9, 13],
    ['rsscn7', 400, 400],
  ])(
    '%s has exactly the classes of its class set, %i to %i held-out images each',
    async (name, fewest, most) => {
      const {rows} = await openLabelled(tar(name));
      const counts = new Map<string, number>();
      for (const {label} of rows) counts.set(label, (counts.get(label) ?? 0) + 1);
      expect([...counts.keys()].sort()).toEqual(Object.keys(remoteSensing.classSets[name]!.names).sort());
      expect(Math.min(...counts.values())).toBe(fewest);
      expect(Math.max(...counts.values())).toBe(most);
    },
  );

  it.each([
    'ucm',
    'rsscn7',
    'clothing',
    'openstax',
    'magento',
    'wesnoth',
    'wesnoth-unlabelled',
    'openclipart',
  ])('the images of %s decode, from the first to the last', async (name) => {
    const {rows} = await openImages(tar(name));
    for (const row of [rows[0]!, rows[rows.length >> 1]!, rows.at(-1)!]) {
      const encoded = await row.image.read();
      expect(encoded.length).toBe(row.image.bytes);
      const {format, width, height} = await sharp(encoded).metadata();
      expect(format).toBe('webp');
      expect(Math.max(width, height)).toBeLessThanOrEqual(128);
    }
  });
});
