/** A line of text in an SVG. */
export interface TextLine {
  readonly text: string;
  /** Font size in pixels. */
  readonly size: number;
  /** Room there is, in pixels. */
  readonly width: number;
  readonly colour?: string;
}

/** Letters are about this share of the font size wide. */
const letterWidth = 0.56;

/** A line of text with its base line at a place, cut where it would leave its room. */
export function textAt(x: number, y: number, {text, size, width, colour = 'black'}: TextLine): string {
  const most = Math.floor(width / (letterWidth * size));
  const letters = [...text];
  const shown = letters.length <= most ? text : `${letters.slice(0, most - 1).join('')}…`;
  return `<text x="${x}" y="${y}" font-size="${size}" fill="${colour}">${escapeXml(shown)}</text>`;
}

/** An SVG document on white, in the font that {@link pngOfSvg} brings along. */
export function svgDocument(width: number, height: number, parts: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="DejaVu Sans, sans-serif">`,
    '<rect width="100%" height="100%" fill="white"/>',
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

const entities: Readonly<Record<string, string>> = {'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;'};

/** Text for XML: mark-up is written as text, characters that XML does not know are left out. */
export function escapeXml(text: string): string {
  const known = text.replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '');
  return known.replace(/[&<>"]/g, (character) => entities[character]!);
}
