import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import sharp from 'sharp';
import {beforeAll, describe, expect, it} from 'vitest';
import {inspectWords, type InspectedWords} from '../../../../src/app/inspect/words.js';
import {exitCodes} from '../../../../src/support/errors.js';
import {randomMatrix} from '../../../support/random-features.js';
import {temporaryFolder} from '../../../support/temporary-folder.js';
import {saveTokenHeads} from '../../../../src/model/token-heads.js';
import {writeUntrainedClip} from '../../../support/untrained-clip.js';

const root = temporaryFolder();
const image = join(root, 'field.png');
let model: string;

beforeAll(async () => {
  model = await writeUntrainedClip(join(root, 'clip'));
  const left = {r: 250, g: 40, b: 30};
  const right = await sharp({create: {width: 10, height: 20, channels: 3, background: '#2040f0'}})
    .png()
    .toBuffer();
  await sharp({create: {width: 20, height: 20, channels: 3, background: left}})
    .composite([{input: right, left: 10, top: 0}])
    .png()
    .toFile(image);
});

async function inspect(
  options: Partial<Parameters<typeof inspectWords>[0]>,
): Promise<{report: InspectedWords; notices: string[]}> {
  const notices: string[] = [];
  const work = inspectWords({image, text: 'a red bus.', models: [model], engine: 'cpu', ...options});
  for (;;) {
    const {done, value} = await work.next();
    if (done) return {report: value, notices};
    if (value.type === 'notice') notices.push(value.message);
  }
}

describe('inspectWords', () => {
  it('gives every word its cosines with all patches, and the whole text at the end', async () => {
    const {report} = await inspect({});
    const [words] = report.models;
    expect(words!.grid).toEqual({rows: 2, columns: 2});
    expect(words!.words.map(({word}) => word)).toEqual(['a', 'red', 'bus', '.', '[text]']);
    for (const {cosines, best} of words!.words) {
      expect(cosines).toHaveLength(4);
      expect(best.cosine).toBe(Math.max(...cosines));
      expect(cosines[best.row * 2 + best.column]).toBe(best.cosine);
    }
    expect(report.picture).toBeNull();
  });

  it('deals every patch to one word', async () => {
    const {report} = await inspect({});
    const {words, nearest} = report.models[0]!;
    expect(nearest).toHaveLength(4);
    words.forEach(({wins}, w) => expect(wins).toBe(nearest.filter((own) => own === w).length / 4));
    expect(words.reduce((sum, {wins}) => sum + wins, 0)).toBeCloseTo(1, 12);
  });

  it('sees what is in the image: its two halves differ', async () => {
    const {cosines} = (await inspect({})).report.models[0]!.words[1]!;
    expect(Math.abs(cosines[0]! - cosines[1]!)).toBeGreaterThan(1e-3);
  });

  it('compares models on the same image, and draws them into one picture', async () => {
    const other = await writeUntrainedClip(join(root, 'other'), 1);
    const out = join(root, 'made', 'words.svg');
    const {report} = await inspect({models: [model, other], out});
    expect(report.models.map((one) => one.model)).toEqual([model, other]);
    expect(report.models[0]!.words[0]!.cosines).not.toEqual(report.models[1]!.words[0]!.cosines);
    const svg = readFileSync(out, 'utf8');
    // the image, the nearest words, three words and the text; a full stop has no map
    expect(svg.match(/<image /g)).toHaveLength(12);
    expect(svg).toContain('>bus</text>');
    expect(report.picture).toBe(out);
  });

  it('draws a PNG that has colours', async () => {
    const out = join(root, 'words.png');
    await inspect({out});
    const {width, height, format} = await sharp(out).metadata();
    expect({format, isLarge: width > 500 && height > 200}).toEqual({format: 'png', isLarge: true});
    const {channels} = await sharp(out).stats();
    for (const {stdev} of channels.slice(0, 3)) expect(stdev).toBeGreaterThan(20);
  });

  it('takes the tokens through the heads that a method trained beside the model', async () => {
    const own = await writeUntrainedClip(join(root, 'own'));
    expect((await inspect({models: [own]})).report.models[0]!.heads).toBeNull();
    const head = (stream: number) => ({
      weight: {shape: [8, 32], data: Float32Array.from(randomMatrix(8, 32, stream).flat())},
      bias: {shape: [8], data: Float32Array.from(randomMatrix(8, 1, stream + 10).flat())},
    });
    await saveTokenHeads(own, {method: 'filip', image: head(70), text: head(71)});
    const [plain, withHeads] = (await inspect({models: [model, own]})).report.models;
    expect(withHeads!.heads).toBe('filip');
    expect(plain!.heads).toBeNull();
    // image and text as a whole do not go through them
    expect(withHeads!.cosine).toBeCloseTo(plain!.cosine, 6);
    expect(withHeads!.words[1]!.cosines).not.toEqual(plain!.words[1]!.cosines);
  });

  it('says when the text fills all tokens', async () => {
    const {notices} = await inspect({text: 'x'.repeat(60)});
    expect(notices).toContain(`text: fills all 40 tokens of ${model}; what is longer is cut off`);
  });

  it.each([
    [{image: join(root, 'none.jpg')}, `${join(root, 'none.jpg')}: expected an image file, got no such file`],
    [{image: root}, `${root}: expected an image file, got a folder`],
    [{text: '  '}, '--text: expected words, got none'],
    [{out: 'words.pdf'}, '--out: expected a file that ends in .png or .svg, got words.pdf'],
  ])('refuses %o before any work', async (options, message) => {
    await expect(inspect(options)).rejects.toThrow(message);
    expect(existsSync('words.pdf')).toBe(false);
  });

  it('says what is wrong with a damaged image', async () => {
    const damaged = join(root, 'damaged.png');
    writeFileSync(damaged, readFileSync(image).subarray(0, 60));
    await expect(inspect({image: damaged})).rejects.toMatchObject({exit: exitCodes.data});
  });
});
