import type {PreprocessConfig} from '../model/clip-config.js';
import {decodeImage, type EncodedImage} from './pixels/decode.js';
import {resample} from './pixels/resample.js';
import type {RgbImage} from './pixels/rgb-image.js';
import {roundHalfEven} from './pixels/round-half-even.js';

export {imageSize} from './pixels/decode.js';

/**
 * An image as the tower sees it in evaluation, before normalisation, [size, size, 3], 0 to 255: shorter side to `size`,
 * centre crop. Bit for bit what OpenCLIP makes of an image that is converted to RGB first.
 * @throws UserError with exit code `data` when it cannot be decoded.
 */
export async function evalLevels(
  image: EncodedImage,
  {size, interpolation}: Pick<PreprocessConfig, 'size' | 'interpolation'>,
): Promise<Uint8Array> {
  const decoded = await decodeImage(image, size);
  const {width, height} = shorterSideTo(size, decoded);
  const window = {
    left: roundHalfEven((width - size) / 2),
    top: roundHalfEven((height - size) / 2),
    width: size,
    height: size,
  };
  return resample(decoded, {width, height, interpolation, window}).pixels255;
}

/** torchvision's `Resize` to one number: the longer side is rounded down. */
function shorterSideTo(size: number, {width, height}: RgbImage): {width: number; height: number} {
  if (width <= height) return {width: size, height: Math.trunc((size * height) / width)};
  return {width: Math.trunc((size * width) / height), height: size};
}

/**
 * (x / 255 - mean) / std by channel, rounded to float32 after each step as PyTorch does: [h, w, 3] -> [h, w, 3], written
 * to `normalized` when it is given.
 */
export function normalize(
  pixels255: Uint8Array,
  {mean, std}: Pick<PreprocessConfig, 'mean' | 'std'>,
  normalized = new Float32Array(pixels255.length),
): Float32Array {
  const [red, green, blue] = [0, 1, 2].map((channel) => levelTable(mean[channel]!, std[channel]!)) as Levels;
  for (let i = 0; i < normalized.length; i += 3) {
    normalized[i] = red[pixels255[i]!]!;
    normalized[i + 1] = green[pixels255[i + 1]!]!;
    normalized[i + 2] = blue[pixels255[i + 2]!]!;
  }
  return normalized;
}

type Levels = [red: Float32Array, green: Float32Array, blue: Float32Array];

function levelTable(mean: number, std: number): Float32Array {
  const round = Math.fround;
  return Float32Array.from({length: 256}, (_, level) => round(round(level / 255) - round(mean)) / round(std));
}
