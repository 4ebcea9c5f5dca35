import {readdirSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import sharp from 'sharp';
import {beforeAll, describe, expect, it} from 'vitest';
import {friendlyLicences} from '../../../src/data/corpus/licence.js';
import {evalLevels, normalize} from '../../../src/data/pixels.js';
import {startEngine} from '../../../src/engine/backend.js';
import {bundledFolder} from '../../../src/model/bundled-model.js';
import {describeClip, loadClip} from '../../../src/model/checkpoint.js';
import type {PreprocessConfig} from '../../../src/model/clip-config.js';
import {createEmbedder} from '../../../src/model/embedder.js';
import {parseModelReference, resolveModel} from '../../../src/model/model-reference.js';
import {loadTokenizer} from '../../../src/model/tokenizer.js';
import {checkPretrainRecipe} from '../../../src/recipe/pretrain-recipe.js';
import {parseYaml} from '../../../src/support/yaml-document.js';

const folder = bundledFolder();
const card = readFileSync(join(folder, 'README.md'), 'utf8');
const {licences} = JSON.parse(readFileSync(join(folder, 'corpus.json'), 'utf8')) as {
  licences: Record<'package' | 'author' | 'licence' | 'source', string>[];
};

describe('the bundled model', () => {
  it('is `bundled`: a CLIP in float16 in Hugging Face’s layout, at most 15 MB', async () => {
    expect(await parseModelReference('bundled')).toEqual({kind: 'folder', path: folder});
    expect(await resolveModel('bundled', {cacheOnly: true})).toBe(folder);
    expect(await describeClip(folder)).toMatchObject({layout: 'hf', dtype: 'F16'});
    const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
    expect(bytes).toBeLessThan(15e6);
  });

  it('was trained on what its recipe names, all of it under friendly licences, none of it Fluent’s', () => {
    const {value} = parseYaml(readFileSync('recipes/pretrain/emoji-clip.yaml', 'utf8'), 'the recipe');
    const {packages, heldOutStyle} = checkPretrainRecipe(value, 'the recipe').corpus;
    expect(licences.map((entry) => entry.package)).toEqual([...packages, heldOutStyle]);
    for (const {licence} of licences) expect(friendlyLicences).toContain(licence);
    expect(JSON.stringify(licences)).not.toMatch(/fluent/i);
  });

  it('its card names every package with author, source and licence', () => {
    for (const {package: name, author, source, licence} of licences) {
      const row = card.split('\n').find((line) => line.includes(`\`${name}\``));
      for (const told of [author, source, licence]) expect(row).toContain(told);
    }
  });

  it('its card has a command in every section with figures', () => {
    const sections = card.split(/^## /m).slice(1);
    const figures = sections.filter((section) => /^\|.*\d\d?\.\d/m.test(section));
    expect(figures.length).toBeGreaterThan(0);
    for (const section of figures) expect(section).toMatch(/```sh\n(npm|fewclip|node) /);
  });
});

describe('what it sees', () => {
  beforeAll(() => startEngine('wasm'));

  it('of discs in three colours, each is nearest to its own name', async () => {
    const model = await loadClip(folder);
    const {config} = model;
    const tokenizer = await loadTokenizer(folder, config.text);
    const colours = ['red', 'yellow', 'blue'];
    const pixels = await Promise.all(colours.map((colour) => pixelsOf(colour, config.preprocess)));
    const size = config.preprocess.size;
    const shape = [colours.length, size, size, 3];
    const embedder = createEmbedder(model);
    const images = embedder.images({shape, data: Float32Array.from(pixels.flatMap((one) => [...one]))});
    const texts = embedder.texts(tokenizer.encode(colours.map((colour) => `${colour} circle`)));
    embedder.dispose();
    const cosine = (image: number, text: number) => {
      const d = config.embedDim;
      let sum = 0;
      for (let k = 0; k < d; k++) sum += images[image * d + k]! * texts[text * d + k]!;
      return sum;
    };
    const nearest = colours.map((_, image) => {
      const cosines = colours.map((__, text) => cosine(image, text));
      return colours[cosines.indexOf(Math.max(...cosines))];
    });
    expect(nearest).toEqual(colours);
  });
});

/** A disc on white, drawn and normalised. */
async function pixelsOf(colour: string, preprocess: PreprocessConfig): Promise<Float32Array> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="72" height="72"><circle cx="36" cy="36" r="34" fill="${colour}"/></svg>`;
  const png = await sharp(Buffer.from(svg)).flatten({background: 'white'}).png().toBuffer();
  const levels = await evalLevels({place: colour, read: () => Promise.resolve(png)}, preprocess);
  return normalize(levels, preprocess);
}
