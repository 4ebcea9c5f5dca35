import {expect, it} from 'vitest';
import type {PseudoLabel, PseudoReport} from '../../../src/app/pseudo-show.js';
import {pseudoText} from '../../../src/ui/pseudo-text.js';

const label: PseudoLabel = {
  image: 'harbor.jpg',
  entropy: 0.6931,
  effectiveCaptions: 2,
  captions: [
    {weight: 0.75, cosine: 0.91, demand: 1.25, caption: 'many boats', image: 'pairs.tar: images/a.webp'},
    {weight: 0.25, cosine: -0.2, demand: 0.5, caption: 'a pier', image: 'pairs.tar: images/b.webp'},
  ],
  nearest: {image: 'pairs.tar: images/a.webp', caption: 'many boats', cosine: 0.91},
  keywords: [
    {keyword: 'boat', weight: 0.6},
    {keyword: 'pier', weight: 0.4},
  ],
};
const report: PseudoReport = {
  version: 1,
  model: './my-clip',
  transport: 'ot',
  assign: 'image',
  scale: 14.28,
  iterations: 10,
  rows: 64,
  columns: 64,
  seed: 0,
  images: [label],
};

it('explains the row of each image', () => {
  expect(pseudoText(report)).toBe(
    [
      'plan: 64 uncaptioned images x 64 captioned images, ot, 10 iterations, logit scale 14.3',
      '',
      'harbor.jpg',
      '  entropy 0.69 nats, as spread as over 2.0 captions',
      '  weight   cosine  demand  caption',
      '   75.0 %   0.910    1.25  many boats  (pairs.tar: images/a.webp)',
      '   25.0 %  -0.200    0.50  a pier  (pairs.tar: images/b.webp)',
      '  nearest captioned image: pairs.tar: images/a.webp, cosine 0.910: many boats',
      '  keywords: boat 0.600, pier 0.400',
    ].join('\n'),
  );
});

it('tells keywords that are not there from keywords that were not asked for', () => {
  const {keywords: _, ...without} = label;
  expect(pseudoText({...report, images: [without]})).not.toContain('keywords');
  expect(pseudoText({...report, images: [{...label, keywords: []}]})).toContain(
    '  keywords: none in the caption of the largest weight',
  );
});

it('says what else a plan can be', () => {
  expect(pseudoText({...report, transport: 'soft', assign: 'text', iterations: 0})).toContain(
    'plan: 64 uncaptioned images x 64 captions, soft, logit scale 14.3',
  );
});
