import {bestOf, ratios, spread, spreadText, type Spread} from '../support/spread.js';
import {textTable} from '../support/text-table.js';
import {oursName, type EmbedRates} from './run-embed.js';

export interface EmbedFigures {
  readonly model: string;
  readonly material: string;
  readonly contenders: readonly {
    readonly name: string;
    readonly versions: Readonly<Record<string, string>>;
    readonly imagesPerSecond: Spread;
    readonly textsPerSecond: Spread;
  }[];
  /** Ours to the best of PyTorch's, round by round. */
  readonly toBestPeer: {readonly images: Spread; readonly texts: Spread};
}

/** Puts the rates of all contenders into figures. */
export function embedFigures(
  subject: {readonly model: string; readonly material: string},
  rates: readonly EmbedRates[],
): EmbedFigures {
  const ours = rates.find(({name}) => name === oursName)!;
  const peers = rates.filter(({name}) => name !== oursName);
  const toBest = (kind: 'images' | 'texts') =>
    spread(ratios(ours[kind], bestOf(peers.map((peer) => peer[kind]))));
  return {
    ...subject,
    contenders: rates.map(({name, versions, images, texts}) => ({
      name,
      versions,
      imagesPerSecond: spread(images),
      textsPerSecond: spread(texts),
    })),
    toBestPeer: {images: toBest('images'), texts: toBest('texts')},
  };
}

/** The figures for a terminal. */
export function embedText({model, material, contenders, toBestPeer}: EmbedFigures): string {
  const rows = contenders.map(({name, imagesPerSecond, textsPerSecond}) => [
    name,
    spreadText(imagesPerSecond, 1),
    spreadText(textsPerSecond, 1),
  ]);
  return (
    `${model}, ${material}\n\n${textTable(['contender', 'images/s', 'texts/s'], rows)}\n` +
    `ours to the best PyTorch: images ${spreadText(toBestPeer.images, 2)}, texts ${spreadText(toBestPeer.texts, 2)}\n`
  );
}
