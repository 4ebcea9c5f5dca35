import {stat} from 'node:fs/promises';
import {extname} from 'node:path';
import {pngOfSvg} from '../../report/png-of-svg.js';
import {panelPage, svgInHtml, type Panel} from '../../report/panel-page.js';
import {writeFileAtomically} from '../../support/atomic-file.js';
import {UserError} from '../../support/errors.js';
import type {StatsReport} from './stats.js';

/** A file for the charts of a report. */
export interface StatsFile {
  write(report: StatsReport): Promise<void>;
}

/**
 * Makes sure that charts can be written, before any work is done.
 * @param path ends in `.svg`, `.png` or `.html`
 * @throws UserError for another ending, or when a folder is there
 */
export async function statsFile(path: string): Promise<StatsFile> {
  const kind = extname(path).toLowerCase();
  if (!['.svg', '.png', '.html'].includes(kind)) {
    throw new UserError(`--out: expected a file that ends in .svg, .png or .html, got ${path}`);
  }
  if ((await stat(path).catch(() => undefined))?.isDirectory() === true) {
    throw new UserError(`--out: expected a file, got the folder ${path}`);
  }
  return {
    async write(report) {
      const title = `${report.path}${report.split === null ? '' : `#${report.split}`}: ${report.rows} images`;
      const svg = await panelPage(title, statsPanels(report));
      if (kind === '.svg') await writeFileAtomically(path, svg);
      else if (kind === '.png') await writeFileAtomically(path, await pngOfSvg(svg));
      else await writeFileAtomically(path, svgInHtml(title, svg));
    },
  };
}

/** Classes that a chart shows. */
const mostClasses = 40;

/** What is drawn of a report; nothing of what the set does not have. */
export function statsPanels({captions, images, classes, splits, tokens}: StatsReport): readonly Panel[] {
  const by = tokens.by === null ? 'estimated' : `by ${tokens.by}`;
  const texts: Panel[] = [
    numbers('captions an image', 'captions', captions.perImage),
    numbers('words a caption', 'words', captions.words),
    {
      title: `tokens a caption (${by}), the line is what fits`,
      x: 'tokens',
      bins: captions.tokens.bins,
      line: tokens.context,
    },
  ];
  const panels: Panel[] = [
    ...(captions.captions > 0 ? texts : []),
    numbers('shorter side', 'pixels', images.shortSide),
    numbers('longer side', 'pixels', images.longSide),
    {title: 'longer side to shorter side', bars: images.aspects},
    {title: 'formats', bars: images.formats},
    {title: 'splits', bars: splits},
    {
      title:
        classes.length > mostClasses ? `the ${mostClasses} largest of ${classes.length} classes` : 'classes',
      bars: classes.slice(0, mostClasses),
    },
  ];
  return panels.filter((panel) => ('bars' in panel ? panel.bars : panel.bins).length > 0);
}

/** Bars by name where there are few values, else a histogram. */
function numbers(title: string, x: string, {bins}: StatsReport['captions']['words']): Panel {
  const areFew = bins.length <= 8 && bins.every(({from, to}) => to === from + 1);
  if (!areFew) return {title, x, bins};
  return {
    title: title.includes(x) ? title : `${title} in ${x}`,
    bars: bins.map(({from, count}) => ({name: String(from), count})),
  };
}
