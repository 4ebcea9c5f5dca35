import {sharesOfRange} from './colour-ramp.js';

/** How the words of a text lie on an image, as far as it is printed. */
export interface PrintedAlignment {
  readonly image: string;
  readonly text: string;
  readonly picture: string | null;
  readonly models: readonly PrintedModel[];
}

interface PrintedModel {
  readonly model: string;
  /** The method whose heads were used. */
  readonly heads: string | null;
  readonly grid: {readonly rows: number; readonly columns: number};
  readonly cosine: number;
  readonly imageToText: number;
  readonly textToImage: number;
  readonly words: readonly PrintedWord[];
}

interface PrintedWord {
  readonly word: string;
  readonly cosines: readonly number[];
  readonly best: {readonly row: number; readonly column: number; readonly cosine: number};
  readonly wins: number;
}

export interface AlignmentTextOptions {
  /** Whether heat is drawn as colours of the 256 that terminals have; digits otherwise. */
  readonly isColoured: boolean;
  /** Characters of a line. */
  readonly width: number;
}

/** An alignment as a page: a table of the words, and one heat map a word. */
export function alignmentText(
  {image, text, models, picture}: PrintedAlignment,
  options: AlignmentTextOptions,
): string {
  return [
    `${text} (${image})`,
    ...models.flatMap((model) => ['', ...modelLines(model, options)]),
    ...(picture === null ? [] : ['', picture]),
  ].join('\n');
}

function modelLines(model: PrintedModel, options: AlignmentTextOptions): string[] {
  const {cosine, imageToText, textToImage, words, grid, heads} = model;
  const width = Math.max(4, ...words.map(({word}) => word.length));
  const size = `${grid.rows} x ${grid.columns}`;
  return [
    `${model.model}: cosine ${cosine.toFixed(3)}, image to text ${imageToText.toFixed(3)}, text to image ${textToImage.toFixed(3)}${headsNote(heads)}`,
    `  ${'word'.padEnd(width)}  highest  at row, column of ${size}  lowest  patches`,
    ...words.map(({word, best, cosines, wins}) =>
      [
        `  ${word.padEnd(width)}`,
        best.cosine.toFixed(3).padStart(7),
        `${best.row + 1}, ${best.column + 1}`.padEnd(18 + size.length),
        Math.min(...cosines)
          .toFixed(3)
          .padStart(6),
        `${Math.round(100 * wins)} %`.padStart(7),
      ].join('  '),
    ),
    '',
    ...heatLines(words, grid, options),
  ];
}

/** Says that tokens are compared in a space of their own, not in that of whole images and texts. */
export function headsNote(heads: string | null): string {
  return heads === null ? '' : ` (heads of ${heads})`;
}

/** The heat maps of all words, as many beside each other as the line holds. */
function heatLines(
  words: readonly PrintedWord[],
  {rows, columns}: PrintedModel['grid'],
  {isColoured, width}: AlignmentTextOptions,
): string[] {
  const cellWidth = Math.max(2 * columns, 6);
  const perLine = Math.max(1, Math.floor((width - 2) / (cellWidth + 2)));
  const lines: string[] = [];
  for (let start = 0; start < words.length; start += perLine) {
    const part = words.slice(start, start + perLine);
    const maps = part.map(({cosines}) => sharesOfRange(cosines));
    lines.push(`  ${part.map(({word}) => fitted(word, cellWidth)).join('  ')}`.trimEnd());
    for (let row = 0; row < rows; row++) {
      const cells = maps.map((shares) => {
        const own = shares.slice(row * columns, (row + 1) * columns);
        const blank = ' '.repeat(cellWidth - 2 * columns);
        return own.map((share) => (isColoured ? block(share) : ` ${digit(share)}`)).join('') + blank;
      });
      lines.push(`  ${cells.join('  ')}`.trimEnd());
    }
    lines.push('');
  }
  return lines.slice(0, -1);
}

function fitted(text: string, width: number): string {
  return text.length <= width ? text.padEnd(width) : `${text.slice(0, width - 1)}…`;
}

/** Dark to light in the colour cube that terminals with 256 colours share. */
const heatCodes = [16, 17, 53, 54, 90, 125, 161, 197, 202, 208, 214, 220, 227, 230] as const;

/** Two columns of one colour: about a square. */
function block(share: number): string {
  const code = heatCodes[Math.round(share * (heatCodes.length - 1))]!;
  return `\u001B[48;5;${code}m  \u001B[0m`;
}

/** 0 for the lowest, 9 for the highest. */
function digit(share: number): number {
  return Math.round(9 * share);
}
