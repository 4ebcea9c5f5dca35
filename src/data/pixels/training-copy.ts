import sharp from 'sharp';
import type {PreprocessConfig} from '../../model/clip-config.js';
import {randomCropBox, smallestCropShare, type AreaShare, type CropDraws} from './crop-box.js';
import type {Size} from './decode.js';
import {resample} from './resample.js';
import {crop, type RgbImage} from './rgb-image.js';

/** What training crops of an image are made from. */
export interface TrainingCopy {
  /** The image, or a smaller copy of it. */
  readonly image: RgbImage;
  /** Size of the image that was decoded. */
  readonly source: Size;
}

/** A crop to be made. */
export interface Crop {
  readonly draws: CropDraws;
  /** Undefined: that of training. */
  readonly area?: AreaShare | undefined;
  /** Whether left and right change places. */
  readonly mirrored?: boolean | undefined;
}

/** How many times finer than the tower's pixels a copy stays. */
const fineness = 2;

/**
 * The pixels of an image that training needs. An image whose shorter side is at most 2.2 times `size` is kept as it is;
 * a larger one is reduced to that, so that even the smallest training crop is shrunk by two before the tower sees it.
 * Crops of a reduced copy are off by 0.2 to 0.8 of 255 levels in the mean; those of less than a fifth of the area are enlarged.
 */
export async function trainingCopy(decoded: RgbImage, size: number): Promise<TrainingCopy> {
  const {width, height} = decoded;
  const limit = Math.ceil((fineness * size) / smallestCropShare);
  const scale = limit / Math.min(width, height);
  if (scale >= 1) return {image: decoded, source: {width, height}};
  const target = {width: Math.round(width * scale), height: Math.round(height * scale)};
  return {image: await reduce(decoded, target), source: {width, height}};
}

/**
 * The random resized crop of an image from its copy, [size, size, 3]. The box is drawn on the image that was decoded, so
 * a copy changes nothing about what is seen; of a copy that is the whole image the crop is torchvision's, bit for bit.
 */
export function cropCopy(
  {image, source}: TrainingCopy,
  {size, interpolation}: Pick<PreprocessConfig, 'size' | 'interpolation'>,
  {draws, area, mirrored = false}: Crop,
): RgbImage {
  const made = uprightCrop({image, source}, {size, interpolation}, {draws, area});
  return mirrored ? mirror(made) : made;
}

function uprightCrop(
  {image, source}: TrainingCopy,
  {size, interpolation}: Pick<PreprocessConfig, 'size' | 'interpolation'>,
  {draws, area}: Crop,
): RgbImage {
  const box = randomCropBox(source, draws, area);
  const whole = {
    width: size,
    height: size,
    interpolation,
    window: {left: 0, top: 0, width: size, height: size},
  };
  if (image.width === source.width && image.height === source.height)
    return resample(crop(image, box), whole);
  const [across, down] = [image.width / source.width, image.height / source.height];
  const region = {
    left: box.left * across,
    top: box.top * down,
    right: (box.left + box.width) * across,
    bottom: (box.top + box.height) * down,
  };
  return resample(image, {...whole, region});
}

/** Left and right exchanged. */
function mirror({width, height, pixels255}: RgbImage): RgbImage {
  const mirrored = new Uint8Array(pixels255.length);
  for (let at = 0; at < mirrored.length; at += 3) {
    const column = (at / 3) % width;
    const from = at + 3 * (width - 1 - 2 * column);
    mirrored.set(pixels255.subarray(from, from + 3), at);
  }
  return {width, height, pixels255: mirrored};
}

/** By sharp's cubic kernel: near enough when the result is shrunk again, and thirty times faster than Pillow's way. */
async function reduce({width, height, pixels255}: RgbImage, to: Size): Promise<RgbImage> {
  const pixels = await sharp(pixels255, {raw: {width, height, channels: 3}, limitInputPixels: false})
    .resize(to.width, to.height, {fit: 'fill', kernel: 'cubic'})
    .raw()
    .toBuffer();
  return {...to, pixels255: pixels};
}
