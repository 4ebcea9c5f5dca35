/** Bits of colour that a stream shows: 24, or 8 for a palette of 256; undefined for fewer, or when NO_COLOR asks for none. */
export function colourDepth(stream: {getColorDepth?(): number}): 8 | 24 | undefined {
  const bits = stream.getColorDepth?.() ?? 1;
  if (bits >= 24) return 24;
  return bits >= 8 ? 8 : undefined;
}
