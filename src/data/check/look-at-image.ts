import {createHash} from 'node:crypto';
import {extname} from 'node:path';
import sharp, {type Metadata} from 'sharp';
import {asPillow} from '../pixels/decode.js';
import {imageFault, type ImageFault} from '../pixels/image-fault.js';
import {isCutShort} from './cut-short.js';
import {likenessOf, lookSide, type Likeness} from './perceptual-hash.js';
import type {FoundProblem, ProblemKind} from './problem-kinds.js';

export interface LookOptions {
  /** Images with more pixels are not decoded. */
  readonly mostPixels: number;
  /** A side below this is called tiny. */
  readonly leastSide: number;
  /** Whether images are decoded; else the header is all that is looked at. */
  readonly decode: boolean;
}

/** What one look at a file tells. */
export interface ImageLook {
  readonly problems: readonly FoundProblem[];
  /** First 8 bytes of its SHA-256. */
  readonly digest: Buffer;
  /** Undefined when it could not be decoded or was not to be. */
  readonly likeness?: Likeness;
}

/** Looks at an image file: what it is, whether it can be decoded, and what it looks like. Never throws for what is in it. */
export async function lookAtImage(
  content: Buffer,
  name: string,
  {mostPixels, leastSide, decode}: LookOptions,
): Promise<ImageLook> {
  const digest = createHash('sha256').update(content).digest().subarray(0, 8);
  const header = await headerOf(content);
  if (header instanceof Error) return {problems: [faultIn(content, header)], digest};
  const {width, height} = header;
  const notes = [...wrongName(header, name), ...peculiarities(header, leastSide)];
  if (width * height > mostPixels) {
    const detail = `${width} x ${height} pixels, the limit is ${mostPixels}`;
    return {problems: [{kind: 'huge', detail}, ...notes], digest};
  }
  if (!decode) return {problems: notes, digest};
  const levels = await decoded(content);
  if (levels instanceof Error) return {problems: [faultIn(content, levels), ...notes], digest};
  const cut = isCutShort(content) ? [{kind: 'truncated', detail: 'its end mark is missing'} as const] : [];
  return {problems: [...cut, ...notes], digest, likeness: likenessOf(levels)};
}

async function headerOf(content: Buffer): Promise<Metadata | Error> {
  if (content.length === 0) return new Error('empty');
  return sharp(content, asPillow)
    .metadata()
    .catch((error: Error) => error);
}

/** [32, 32, 3] levels; what is transparent lies on white. */
async function decoded(content: Buffer): Promise<Uint8Array | Error> {
  return sharp(content, asPillow)
    .flatten({background: 'white'})
    .toColourspace('srgb')
    .resize(lookSide, lookSide, {fit: 'fill'})
    .raw()
    .toBuffer()
    .then(threeChannels, (error: Error) => error);
}

function threeChannels(levels: Uint8Array): Uint8Array {
  if (levels.length === lookSide ** 2 * 3) return levels;
  return Uint8Array.from({length: lookSide ** 2 * 3}, (_, i) => levels[Math.floor(i / 3)]!);
}

const kindOfFault: Readonly<Record<ImageFault, ProblemKind>> = {
  'an empty file': 'empty-file',
  'a damaged image': 'corrupt',
  'an unsupported format': 'unsupported',
  'too many pixels': 'huge',
  'other content': 'not-an-image',
};

/** A damaged image that lacks its end was cut off; any other is broken inside. */
function faultIn(content: Buffer, error: Error): FoundProblem {
  const {fault, detail} = imageFault(content, error);
  const kind = kindOfFault[fault];
  return {kind: kind === 'corrupt' && isCutShort(content) ? 'truncated' : kind, detail};
}

const extensionsOf: Readonly<Record<string, readonly string[]>> = {
  jpeg: ['.jpg', '.jpeg', '.jfif', '.jpe'],
  png: ['.png'],
  webp: ['.webp'],
  gif: ['.gif'],
  tiff: ['.tif', '.tiff'],
  heif: ['.avif', '.heic', '.heif'],
  svg: ['.svg'],
};

/** A name without an extension, as in parquet files, says nothing. */
function wrongName({format}: Metadata, name: string): FoundProblem[] {
  const extension = extname(name).toLowerCase();
  const isKnown = Object.values(extensionsOf).some((list) => list.includes(extension));
  const fits = extensionsOf[format]?.includes(extension) ?? true;
  return !isKnown || fits
    ? []
    : [{kind: 'wrong-extension', detail: `${format} in a file named ${extension}`}];
}

/** More than 8 bits a channel, in the words of libvips. */
const wideDepths: readonly string[] = ['short', 'ushort', 'int', 'uint', 'float', 'double'];

function peculiarities(header: Metadata, leastSide: number): FoundProblem[] {
  const {width, height, space, depth, orientation = 1, pages = 1} = header;
  const found: (FoundProblem | false)[] = [
    Math.min(width, height) < leastSide && {kind: 'tiny', detail: `${width} x ${height} pixels`},
    space === 'cmyk' && {kind: 'cmyk', detail: ''},
    wideDepths.includes(depth ?? '') && {kind: '16-bit', detail: depth === 'ushort' ? '' : `${depth} levels`},
    orientation !== 1 && {kind: 'exif-rotated', detail: `orientation ${orientation}`},
    pages > 1 && {kind: 'animated', detail: `${pages} frames`},
  ];
  return found.filter((problem) => problem !== false);
}
