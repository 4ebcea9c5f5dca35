import {html, markupOf, type Html} from './html.js';

/** A part of a page under a heading. */
export interface PageSection {
  readonly heading: string;
  readonly content: Html;
}

/** Nothing from the net, no script; pictures and styles are in the page itself. */
const policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

const style = html`
  :root { color-scheme: light; } body { font: 15px/1.5 system-ui, 'DejaVu Sans', sans-serif; color: #222;
  background: #fafafa; margin: 0; } main { max-width: 60rem; margin: 0 auto; padding: 2rem 1rem 4rem; } h1 {
  font-size: 1.6rem; margin: 0 0 0.3rem; } h2 { font-size: 1.1rem; margin: 2.4rem 0 0.6rem; padding-bottom:
  0.2rem; border-bottom: 1px solid #ddd; } .lead { color: #555; margin: 0; } .wide { overflow-x: auto; } table
  { border-collapse: collapse; background: white; } th, td { padding: 0.3rem 0.8rem; border: 1px solid
  #e2e2e2; text-align: left; vertical-align: top; } th { background: #f1f1f1; font-weight: 600; } td.number {
  text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; } .range { color: #888;
  font-size: 0.85em; } .better { color: #1a7f37; font-weight: 600; } .worse { color: #b42318; font-weight:
  600; } pre { background: white; border: 1px solid #e2e2e2; padding: 0.6rem 0.8rem; overflow-x: auto; } img {
  max-width: 100%; } .cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr));
  gap: 0.8rem; } .card { display: flex; gap: 0.8rem; background: white; border: 1px solid #e2e2e2; padding:
  0.7rem; } .card img { width: 96px; height: 96px; flex: none; } .card div { min-width: 0; overflow-wrap:
  anywhere; } .card ol { margin: 0 0 0.4rem; padding-left: 1.2rem; font-size: 0.9em; } .card strong { display:
  block; }
`;

/** One file that opens offline: no script, nothing from anywhere else. */
export function htmlPage({
  title,
  lead,
  sections,
}: {
  readonly title: string;
  readonly lead: string;
  readonly sections: readonly PageSection[];
}): string {
  const parts = sections.map(
    ({heading, content}) =>
      html`<section>
        <h2>${heading}</h2>
        ${content}
      </section> `,
  );
  const body = html`<main>
    <h1>${title}</h1>
    <p class="lead">${lead}</p>
    ${parts}
  </main>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${markupOf(title)}</title>
<style>${markupOf(style)}</style>
</head>
<body>
${markupOf(body)}
</body>
</html>
`;
}

/** An SVG as a picture of the page: whatever it holds, a browser runs no script in it and loads nothing. */
export function svgPicture(svg: string, description: string): Html {
  return html`<img
    alt="${description}"
    src="data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}"
  />`;
}

/** A PNG as a picture of the page. */
export function pngPicture(png: Buffer, description: string): Html {
  return html`<img alt="${description}" src="data:image/png;base64,${png.toString('base64')}" />`;
}

/** A table; cells that are markup stay as they are. */
export function htmlTable(header: readonly string[], rows: readonly (readonly Html[])[]): Html {
  const head = header.map((name) => html`<th>${name}</th>`);
  const body = rows.map(
    (cells) =>
      html`<tr>
        ${cells}
      </tr> `,
  );
  return html`<div class="wide">
    <table>
      <tr>
        ${head}
      </tr>
      ${body}
    </table>
  </div>`;
}

/** A cell of text. */
export function textCell(text: string): Html {
  return html`<td>${text}</td>`;
}

/** A cell of a number. */
export function numberCell(text: string): Html {
  return html`<td class="number">${text}</td>`;
}
