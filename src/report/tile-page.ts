import {cssColour, type Rgb} from './colour-ramp.js';
import {svgDocument, textAt} from './svg-text.js';

/** A picture with what is written below it. */
export interface Tile {
  readonly png: Buffer;
  readonly label: string;
  /** A second, smaller line. */
  readonly note?: string;
  /** A spot of colour before the label. */
  readonly colour?: Rgb;
}

/** Tiles under a heading. */
export interface TileSection {
  readonly heading: string;
  readonly tiles: readonly Tile[];
}

export interface TilePage {
  readonly title: string;
  readonly sections: readonly TileSection[];
  /** Side of a tile in pixels. */
  readonly tileSize: number;
  /** Tiles in a row. */
  readonly perRow: number;
}

const gap = 12;
const captionHeight = 36;
const headingHeight = 30;
const narrowestPage = 480;

/** A page of pictures in sections, as one SVG without any reference to another file. */
export function tilePage({title, sections, tileSize, perRow}: TilePage): string {
  const widest = Math.min(perRow, Math.max(...sections.map(({tiles}) => tiles.length)));
  const width = Math.max(gap + widest * (tileSize + gap), narrowestPage);
  const room = width - 2 * gap;
  let top = gap + headingHeight;
  const parts = [textAt(gap, gap + 18, {text: title, size: 16, width: room})];
  for (const {heading, tiles} of sections) {
    parts.push(textAt(gap, top + 18, {text: heading, size: 13, width: room}));
    top += headingHeight;
    tiles.forEach((tile, i) => {
      const place = {
        x: gap + (i % perRow) * (tileSize + gap),
        y: top + Math.floor(i / perRow) * (tileSize + captionHeight + gap),
      };
      parts.push(...tileAt(tile, place, tileSize));
    });
    top += Math.ceil(tiles.length / perRow) * (tileSize + captionHeight + gap);
  }
  return svgDocument(width, top, parts);
}

function tileAt(
  {png, label, note, colour}: Tile,
  {x, y}: {readonly x: number; readonly y: number},
  size: number,
): string[] {
  const spot =
    colour && `<rect x="${x}" y="${y + size + 5}" width="12" height="12" fill="${cssColour(colour)}"/>`;
  const shift = colour ? 16 : 0;
  return [
    `<image x="${x}" y="${y}" width="${size}" height="${size}" href="data:image/png;base64,${png.toString('base64')}"/>`,
    ...(spot === undefined ? [] : [spot]),
    textAt(x + shift, y + size + 16, {text: label, size: 13, width: size - shift}),
    ...(note === undefined
      ? []
      : [textAt(x, y + size + 31, {text: note, size: 10, width: size, colour: '#555'})]),
  ];
}
