import type * as library from '@observablehq/plot';
import {svgDocument, textAt} from './svg-text.js';

type Plot = typeof library;

/** A chart of Observable Plot; what it holds may be built only when the library is loaded. */
export interface Chart {
  readonly title: string;
  readonly width: number;
  readonly height: number;
  readonly options: (plot: Plot) => library.PlotOptions;
}

const titleHeight = 40;

/** A chart as an SVG document with its title above. The library, a second of loading, is loaded at the first use. */
export async function chartPage({title, width, height, options}: Chart): Promise<string> {
  const [plot, {parseHTML}] = await Promise.all([import('@observablehq/plot'), import('linkedom')]);
  const {document} = parseHTML('<!doctype html><html><body></body></html>') as {readonly document: unknown};
  const drawing = plot.plot({
    width,
    height,
    style: {fontSize: '12px', fontFamily: 'DejaVu Sans, sans-serif'},
    ...options(plot),
    document: document as never,
  }) as unknown as SvgElement;
  drawing.setAttribute('y', String(titleHeight));
  drawing.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return svgDocument(width, height + titleHeight, [
    textAt(16, 26, {text: title, size: 15, width: width - 32}),
    drawing.outerHTML,
  ]);
}

/** What is needed of the element that comes back: the types of a browser are not ours. */
interface SvgElement {
  setAttribute(name: string, value: string): void;
  readonly outerHTML: string;
}

/** A long name, such as a path, cut in front. */
export function shortName(name: string, most: number): string {
  return name.length <= most ? name : `…${name.slice(name.length - most + 1)}`;
}
