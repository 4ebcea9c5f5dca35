import type {Size} from './decode.js';

/**
 * Width and height of a JPEG image with three colour channels of 8 bits, which is what nearly all photographs are, from
 * its frame header (ITU-T T.81, B.2.2). Undefined for everything else, and for what is not quite as it should be.
 */
export function colourJpegSize(content: Buffer): Size | undefined {
  if (content.length < 4 || content.readUInt16BE(0) !== startOfImage) return undefined;
  let at = 2;
  while (at + frameHeaderBytes <= content.length && content[at] === 0xff) {
    const marker = content[at + 1]!;
    if (!hasLength(marker)) return undefined;
    if (isFrame(marker)) return frameSize(content, at);
    at += 2 + content.readUInt16BE(at + 2);
  }
  return undefined;
}

const startOfImage = 0xffd8;

/** From the marker to the number of channels. */
const frameHeaderBytes = 10;

/** Whether a segment with its length follows: else it is filling, a marker by itself, or where the coded image begins. */
function hasLength(marker: number): boolean {
  return marker >= 0xc0 && marker < 0xff && !(marker >= 0xd0 && marker <= 0xda);
}

/** Any process of coding; between their numbers lie tables (C4, CC) and a reserved one (C8). */
function isFrame(marker: number): boolean {
  return marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

function frameSize(content: Buffer, at: number): Size | undefined {
  const [height, width] = [content.readUInt16BE(at + 5), content.readUInt16BE(at + 7)];
  const isPlain = content[at + 4] === 8 && content[at + 9] === 3 && width > 0 && height > 0;
  return isPlain ? {width, height} : undefined;
}
