import {distinctColour} from '../../report/colour-ramp.js';
import {heatTile, mosaicTile, plainTile} from '../../report/image-tile.js';
import {headsNote} from '../../report/word-alignment-text.js';
import {tilePage, type Tile, type TileSection} from '../../report/tile-page.js';
import type {InspectedWords, WordsOfModel} from './words.js';

/** Pixels of a tile: enough for the 16 x 16 patches of a large model. */
const tileSize = 176;

interface Pictured extends WordsOfModel {
  /** [s, s, 3] what the model sees. */
  readonly pixels255: Uint8Array;
}

/** The alignment as an SVG page: for every model the image, the word of each patch, and one heat map a word. */
export async function wordPicture({
  image,
  text,
  models,
}: Pick<InspectedWords, 'image' | 'text'> & {readonly models: readonly Pictured[]}): Promise<string> {
  const sections: TileSection[] = [];
  for (const model of models) {
    sections.push({
      heading: `${model.model}: cosine ${model.cosine.toFixed(3)}, image to text ${model.imageToText.toFixed(3)}, text to image ${model.textToImage.toFixed(3)}${headsNote(model.heads)}`,
      tiles: await tilesOf(model),
    });
  }
  return tilePage({title: `${text} (${image})`, sections, tileSize, perRow: 6});
}

async function tilesOf({grid, imageSize, pixels255, words, nearest}: Pictured): Promise<Tile[]> {
  const image = {pixels255, side: imageSize};
  const colours = nearest.map((word) => distinctColour(word));
  return [
    {png: await plainTile(image, tileSize), label: 'the image', note: 'as the model sees it'},
    {
      png: await mosaicTile(image, {...grid, values: colours}, tileSize),
      label: 'nearest word',
      note: 'of each patch',
    },
    ...(await Promise.all(
      words.flatMap(({word, cosines, wins}, w) =>
        isShown(word) ? [wordTile(word, {cosines, wins, colour: w})] : [],
      ),
    )),
  ];

  async function wordTile(
    label: string,
    {cosines, wins, colour}: {cosines: readonly number[]; wins: number; colour: number},
  ): Promise<Tile> {
    const [low, high] = [Math.min(...cosines), Math.max(...cosines)];
    return {
      png: await heatTile(image, {...grid, values: cosines}, tileSize),
      label,
      note: `${low.toFixed(2)} to ${high.toFixed(2)}, ${Math.round(100 * wins)} % nearest`,
      colour: distinctColour(colour),
    };
  }
}

/** Punctuation has tokens, too, but no picture of its own. */
function isShown(word: string): boolean {
  return /[\p{L}\p{N}\p{S}]/u.test(word);
}
