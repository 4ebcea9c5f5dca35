/** The captions of n images, each distinct text once. */
export interface CaptionIndex {
  /** [v] the distinct texts, each as it is first spelled. */
  readonly texts: readonly string[];
  /** [v] how many captions say it. */
  readonly copies: Int32Array;
  /** [n] for each image the text of each of its captions, in order; a text may come twice. */
  readonly textsOf: readonly Int32Array[];
  /** [v] for each text the images that have it as a caption, none twice. */
  readonly imagesOf: readonly Int32Array[];
}

/** Gives each distinct caption ({@link sameTextKey}) a number. */
export function indexCaptions(captionsOf: readonly (readonly string[])[]): CaptionIndex {
  const ids = new Map<string, number>();
  const texts: string[] = [];
  const copies: number[] = [];
  const imagesOf: number[][] = [];
  const textsOf = captionsOf.map((captions, image) =>
    Int32Array.from(captions, (caption) => {
      const key = sameTextKey(caption);
      const id = ids.get(key) ?? texts.push(caption) - 1;
      ids.set(key, id);
      copies[id] = (copies[id] ?? 0) + 1;
      const images = (imagesOf[id] ??= []);
      if (images.at(-1) !== image) images.push(image);
      return id;
    }),
  );
  return {
    texts,
    copies: Int32Array.from(copies),
    textsOf,
    imagesOf: imagesOf.map((images) => Int32Array.from(images)),
  };
}

/**
 * Texts with the same key count as the same text: differences in capitals and in white space do not matter, because
 * CLIP's tokenizer removes them and so the model cannot tell such texts apart.
 */
export function sameTextKey(text: string): string {
  return text.trim().replace(/\s+/g, ' ').toLowerCase();
}
