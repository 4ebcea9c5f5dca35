import {createRequire} from 'node:module';

/** Pixels of the PNG for one unit of the SVG: sharp on today's screens. */
const zoom = 2;

/**
 * Draws an SVG document as a PNG on white, with a font of our own: where a machine has none, text would vanish. The
 * renderer is loaded at the first use.
 */
export async function pngOfSvg(svg: string): Promise<Buffer> {
  const {Resvg} = await import('@resvg/resvg-js');
  const font = createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf');
  const drawing = new Resvg(svg, {
    background: 'white',
    fitTo: {mode: 'zoom', value: zoom},
    font: {
      fontFiles: [font],
      loadSystemFonts: false,
      defaultFontFamily: 'DejaVu Sans',
      sansSerifFamily: 'DejaVu Sans',
    },
  });
  return drawing.render().asPng();
}
