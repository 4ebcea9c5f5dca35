/** A decoded image, [height, width, 3], 8 bits a channel, red first. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  readonly pixels255: Uint8Array;
}

/** A rectangle of whole pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The part of an image inside a box; a copy. */
export function crop({width, pixels255}: RgbImage, box: Box): RgbImage {
  const cropped = new Uint8Array(box.width * box.height * 3);
  for (let y = 0; y < box.height; y++) {
    const start = ((box.top + y) * width + box.left) * 3;
    cropped.set(pixels255.subarray(start, start + box.width * 3), y * box.width * 3);
  }
  return {width: box.width, height: box.height, pixels255: cropped};
}
