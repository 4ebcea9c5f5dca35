import {readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {describe, expect, it} from 'vitest';
import {z} from 'zod';
import {keywordLabels} from '../../src/data/keywords.js';
import {keywordCoverage} from '../../src/data/keywords/coverage.js';
import {openCaptioned} from '../../src/data/open-data.js';
import remoteSensing from '../../domains/remote-sensing.js';

const vectorsFile = new URL('../../../shared/spec/s-clip-vectors.json', import.meta.url);
const ucm = fileURLToPath(new URL('../../../shared/data/ucm.tar', import.meta.url));
const vectorSchema = z.object({
  inputs: z.object({keywords: z.array(z.string()), captions: z.array(z.string())}),
  expected: z.object({labels: z.array(z.array(z.number()))}),
});

it('keyword_match: the published rule on the vector', () => {
  const file = z
    .object({cases: z.array(z.looseObject({id: z.string()}))})
    .parse(JSON.parse(readFileSync(vectorsFile, 'utf8')));
  const {inputs, expected} = vectorSchema.parse(file.cases.find(({id}) => id === 'keyword_match'));
  expect([...keywordLabels(inputs.keywords, inputs.captions)]).toEqual(expected.labels.flat());
});

describe('the keywords of remote-sensing', () => {
  const {keywords, classSets} = remoteSensing;

  it('find 97 % of the UCM training captions, three keywords in each on average', async () => {
    const captions = (await openCaptioned(ucm)).rows.flatMap((row) => row.captions);
    const {covered, counts} = keywordCoverage(keywords, captions, 'exact');
    expect(keywords).toHaveLength(95);
    expect(covered / captions.length).toBeCloseTo(0.967, 3);
    const total = counts.reduce((sum, count) => sum + count, 0);
    expect(total / captions.length).toBeCloseTo(3.06, 2);
  });

  it('hold 17 general words that no UCM training caption uses', async () => {
    const captions = (await openCaptioned(ucm)).rows.flatMap((row) => row.captions);
    expect(keywordCoverage(keywords, captions, 'exact').counts.filter((count) => count === 0)).toHaveLength(
      17,
    );
  });

  it('name 27 classes, as the domain file admits', () => {
    const names = new Set(Object.values(classSets).flatMap((set) => Object.values(set.names)));
    const admitted =
      'airplane, bare land, beach, bridge, buildings, farmland, field, forest, golf course, grass, harbor, intersection, ' +
      'lake, mountain, ocean, overpass, parking lot, playground, pond, railway, residential area, river, runway, stadium, ' +
      'storage tank, storage tanks, tennis court';
    expect(
      keywords
        .filter((keyword) => names.has(keyword))
        .sort()
        .join(', '),
    ).toBe(admitted);
  });
});
