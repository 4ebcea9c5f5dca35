/** A picture of pixels: [side, side, 3], 0 to 255; the side is even. */
export interface TerminalPicture {
  readonly pixels255: Uint8Array;
  readonly side: number;
}

/** Bits of colour that a terminal shows: 24, or 8 for the palette of 256. */
export type ColourDepth = 8 | 24;

/** A picture as lines of text, two rows of pixels a line: the upper half of a block over the lower. */
export function halfBlocks({pixels255, side}: TerminalPicture, depth: ColourDepth): string[] {
  const colour = (y: number, x: number) => {
    const start = (y * side + x) * 3;
    const [red, green, blue] = pixels255.subarray(start, start + 3);
    return colourCode([red!, green!, blue!], depth);
  };
  return Array.from({length: side / 2}, (_, line) => {
    const cells = Array.from({length: side}, (_, x) => {
      return `\u001B[38;${colour(2 * line, x)};48;${colour(2 * line + 1, x)}m▀`;
    });
    return `${cells.join('')}\u001B[0m`;
  });
}

function colourCode(rgb: readonly [number, number, number], depth: ColourDepth): string {
  if (depth === 24) return `2;${rgb.join(';')}`;
  // the cube of 6 x 6 x 6 colours begins at 16
  const [red, green, blue] = rgb.map((level) => Math.round((level / 255) * 5));
  return `5;${16 + 36 * red! + 6 * green! + blue!}`;
}
