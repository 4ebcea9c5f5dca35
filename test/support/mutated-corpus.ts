import sharp, {type Sharp} from 'sharp';
import {uniform} from '../../src/engine/random.js';

/** A file of the corpus and what a check must say of it. */
export interface MutatedFile {
  readonly name: string;
  readonly content: Buffer;
  /** Problems by name, sorted. */
  readonly expected: readonly string[];
}

/** A drawing like no other: [side, side] pixels of curves, discs and bars on a gradient, from its number. */
export function drawnPicture(number: number, side = 96): Sharp {
  const draw = (place: number, most: number) => Math.floor(uniform(7, number, place) * most);
  const colour = (place: number) =>
    `hsl(${draw(place, 360)} ${40 + draw(place + 1, 60)}% ${20 + draw(place + 2, 60)}%)`;
  const shapes = Array.from({length: 7}, (_, i) => {
    const at = 20 * (i + 1);
    const [x, y, size] = [draw(at, side), draw(at + 1, side), side / 8 + draw(at + 2, side / 3)];
    const fill = colour(at + 3);
    if (i % 3 === 0) return `<circle cx="${x}" cy="${y}" r="${size / 2}" fill="${fill}"/>`;
    if (i % 3 === 1)
      return `<rect x="${x - size / 2}" y="${y - size / 4}" width="${size}" height="${size / 2}" fill="${fill}"/>`;
    return `<path d="M${x} ${y} q ${size} ${-size} ${size} ${size}" stroke="${fill}" stroke-width="${size / 6}" fill="none"/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}">
    <defs><linearGradient id="g" x1="0" y1="0" x2="${draw(1, 2)}" y2="1"><stop offset="0" stop-color="${colour(2)}"/><stop offset="1" stop-color="${colour(6)}"/></linearGradient></defs>
    <rect width="100%" height="100%" fill="url(#g)"/>${shapes.join('')}</svg>`;
  return sharp(Buffer.from(svg)).flatten({background: 'white'});
}

type Maker = (number: number) => Promise<Omit<MutatedFile, 'name'> & {readonly extension: string}>;

const encoders = ['jpeg', 'png', 'webp', 'gif'] as const;
const extensions = {jpeg: 'jpg', png: 'png', webp: 'webp', gif: 'gif'} as const;

const encoderOf = (number: number) => encoders[number % encoders.length]!;
const encoded = (number: number) => drawnPicture(number).toFormat(encoderOf(number)).toBuffer();

const makers: Readonly<Record<string, Maker>> = {
  good: async (n) => ({content: await encoded(n), extension: extensions[encoderOf(n)], expected: []}),
  truncated: async (n) => {
    const whole = await encoded(n);
    const end = Math.floor(whole.length * (0.2 + 0.75 * uniform(8, n)));
    return {content: whole.subarray(0, end), extension: extensions[encoderOf(n)], expected: ['truncated']};
  },
  'wrong-extension': async (n) => ({
    content: await encoded(n),
    extension: extensions[encoderOf(n + 1)],
    expected: ['wrong-extension'],
  }),
  cmyk: async (n) => ({
    content: await drawnPicture(n).toColourspace('cmyk').jpeg().toBuffer(),
    extension: 'jpg',
    expected: ['cmyk'],
  }),
  '16-bit': async (n) => ({
    content: await drawnPicture(n).toColourspace('rgb16').png().toBuffer(),
    extension: 'png',
    expected: ['16-bit'],
  }),
  'exif-rotated': async (n) => ({
    content: await drawnPicture(n)
      .withMetadata({orientation: 2 + (n % 7)})
      .jpeg()
      .toBuffer(),
    extension: 'jpg',
    expected: ['exif-rotated'],
  }),
  animated: async (n) => {
    const frames = await Promise.all([n, n + 10_000].map((one) => drawnPicture(one).png().toBuffer()));
    const joined = sharp(frames, {join: {animated: true}});
    const isGif = n % 2 === 0;
    return {
      content: await (isGif ? joined.gif() : joined.webp()).toBuffer(),
      extension: isGif ? 'gif' : 'webp',
      expected: ['animated'],
    };
  },
  'zero-byte': () => Promise.resolve({content: Buffer.alloc(0), extension: 'png', expected: ['empty-file']}),
  'html-as-jpg': (n) =>
    Promise.resolve({
      content: Buffer.from(`<!doctype html>\n<title>403</title><p>Hotlinking of image ${n} is not allowed.`),
      extension: 'jpg',
      expected: ['not-an-image'],
    }),
};

/** Files of nine kinds in turn, each made from a drawing of its own. */
export async function mutatedCorpus(count: number): Promise<readonly MutatedFile[]> {
  const kinds = Object.entries(makers);
  return Promise.all(
    Array.from({length: count}, async (_, i) => {
      const [kind, make] = kinds[i % kinds.length]!;
      const {content, extension, expected} = await make(
        Math.floor(i / kinds.length) * 16 + (i % kinds.length),
      );
      return {name: `${kind}-${String(i).padStart(4, '0')}.${extension}`, content, expected};
    }),
  );
}
