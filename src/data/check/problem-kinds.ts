/** What may be wrong with a row of a set, by name. */
export const problemKinds = {
  missing: {isBad: true, says: 'the image is not there'},
  unreadable: {isBad: true, says: 'the image cannot be read from the disk or archive'},
  'unreadable-row': {isBad: true, says: 'the row of the table, the text or the shard makes no sense'},
  'empty-file': {isBad: true, says: 'no bytes'},
  'not-an-image': {isBad: true, says: 'text, a web page or other content under the name of an image'},
  unsupported: {isBad: true, says: 'an image in a format that is not read'},
  truncated: {isBad: true, says: 'the file ends too early'},
  corrupt: {isBad: true, says: 'damaged inside'},
  huge: {isBad: true, says: 'more pixels than are decoded'},
  'no-caption': {isBad: true, says: 'a captioned set has none for this image'},
  'not-utf8': {isBad: true, says: 'a caption of bytes in another encoding, or of replacement characters'},
  leak: {isBad: true, says: 'a test image that is also learnt from, byte for byte'},
  'near-leak': {isBad: false, says: 'a test image that looks like one that is learnt from'},
  overlap: {isBad: false, says: 'an uncaptioned image that is captioned too'},
  duplicate: {isBad: false, says: 'the same bytes as an earlier image of the set'},
  'near-duplicate': {isBad: false, says: 'looks like an earlier image of the set'},
  tiny: {isBad: false, says: 'a side that is smaller than the least asked for'},
  'wrong-extension': {isBad: false, says: 'another format than the name says; it is read all the same'},
  cmyk: {isBad: false, says: 'printing colours, converted without a profile'},
  '16-bit': {isBad: false, says: 'of 16 bits a channel the upper 8 are used'},
  'exif-rotated': {isBad: false, says: 'to be shown turned; it is read as it is stored, as CLIP was trained'},
  animated: {isBad: false, says: 'the first frame is used'},
  'blank-caption': {isBad: false, says: 'a caption of nothing or of blanks beside others'},
  'long-caption': {isBad: false, says: 'more tokens than the model reads; the end is cut off'},
} as const satisfies Readonly<Record<string, {readonly isBad: boolean; readonly says: string}>>;

export type ProblemKind = keyof typeof problemKinds;

/** Something that is wrong with one image, and what exactly. */
export interface FoundProblem {
  readonly kind: ProblemKind;
  /** May be empty. */
  readonly detail: string;
}
