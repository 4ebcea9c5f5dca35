import {indexCaptions} from './caption-index.js';

/**
 * Share of images with a caption that another image has too, in [0, 1]; 0 for no images. Where it is large, captions name kinds of
 * things, and an image without a caption can well have that of another one; where it is small, hardly any other caption is right.
 */
export function sharedCaptionShare(captionsOf: readonly (readonly string[])[]): number {
  if (captionsOf.length === 0) return 0;
  const {textsOf, imagesOf} = indexCaptions(captionsOf);
  const sharing = textsOf.filter((ids) => Array.from(ids).some((text) => imagesOf[text]!.length > 1));
  return sharing.length / captionsOf.length;
}
