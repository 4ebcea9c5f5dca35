/** Bytes at the end in which the end mark is looked for: cameras and editors put further data behind it. */
const tail = 1 << 16;

/** Whether an image file lacks what its format ends with: whatever a decoder makes of it, something is gone. */
export function isCutShort(content: Buffer): boolean {
  const starts = (text: string, at = 0) => content.toString('latin1', at, at + text.length) === text;
  if (starts('\xff\xd8')) return !content.subarray(-tail).includes('\xff\xd9', 0, 'latin1');
  if (starts('\x89PNG')) return !content.subarray(-tail).includes('IEND', 0, 'latin1');
  if (starts('GIF8')) return content.findLast((byte) => byte !== 0) !== 0x3b;
  if (starts('RIFF') && starts('WEBP', 8)) return content.readUInt32LE(4) + 8 > content.length;
  return false;
}
