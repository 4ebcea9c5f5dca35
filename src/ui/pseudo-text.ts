import type {PseudoLabel, PseudoReport} from '../app/pseudo-show.js';
import {percent} from './format-number.js';

/** Pseudo-labels as a page for people. */
export function pseudoText(report: PseudoReport): string {
  const {rows, columns, transport, assign, scale, iterations} = report;
  const how = iterations > 0 ? `${transport}, ${iterations} iterations` : transport;
  const against = assign === 'image' ? 'captioned images' : 'captions';
  const head = `plan: ${rows} uncaptioned images x ${columns} ${against}, ${how}, logit scale ${scale.toFixed(1)}`;
  return [head, ...report.images.flatMap((label) => ['', ...labelLines(label)])].join('\n');
}

function labelLines(label: PseudoLabel): string[] {
  const {image, captions, entropy, effectiveCaptions, nearest, keywords} = label;
  return [
    image,
    `  entropy ${entropy.toFixed(2)} nats, as spread as over ${effectiveCaptions.toFixed(1)} captions`,
    '  weight   cosine  demand  caption',
    ...captions.map(
      ({weight, cosine, demand, caption, image: place}) =>
        `  ${percent(weight).padStart(5)} %  ${cosine.toFixed(3).padStart(6)}  ${demand.toFixed(2).padStart(6)}  ${caption}  (${place})`,
    ),
    `  nearest captioned image: ${nearest.image}, cosine ${nearest.cosine.toFixed(3)}: ${nearest.caption}`,
    ...(keywords ? [`  keywords: ${keywordText(keywords)}`] : []),
  ];
}

function keywordText(keywords: NonNullable<PseudoLabel['keywords']>): string {
  if (keywords.length === 0) return 'none in the caption of the largest weight';
  return keywords.map(({keyword, weight}) => `${keyword} ${weight.toFixed(3)}`).join(', ');
}
