import {markup, markupOf, type Html} from './html.js';
import {pageStyle} from './page-style.js';

/** A part of a page under a heading. */
export interface PageSection {
  readonly heading: string;
  readonly content: Html;
}

/** Nothing from the net, no script; pictures and styles are in the page itself. */
const policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

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
      markup`<section>
        <h2>${heading}</h2>
        ${content}
      </section> `,
  );
  const body = markup`<main>
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
<style>
${pageStyle}
</style>
</head>
<body>
${markupOf(body)}
</body>
</html>
`;
}

/** An SVG as a picture of the page: whatever it holds, a browser runs no script in it and loads nothing. */
export function svgPicture(svg: string, description: string): Html {
  return markup`<img
    alt="${description}"
    src="data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}"
  />`;
}

/** A PNG as a picture of the page. */
export function pngPicture(png: Buffer, description: string): Html {
  return markup`<img alt="${description}" src="data:image/png;base64,${png.toString('base64')}" />`;
}

/** A table of rows of cells, with a header where there is one. */
export function htmlTable(header: readonly string[], rows: readonly (readonly Html[])[]): Html {
  const names = header.map((name) => markup`<th>${name}</th>`);
  const head =
    names.length === 0
      ? []
      : [
          markup`<tr>
            ${names}
          </tr>`,
        ];
  const body = rows.map(
    (cells) =>
      markup`<tr>
        ${cells}
      </tr>`,
  );
  return markup`<div class="wide">
    <table>
      ${head}${body}
    </table>
  </div>`;
}

/** A cell of text. */
export function textCell(text: string): Html {
  return markup`<td>${text}</td>`;
}

/** A cell of a number. */
export function numberCell(text: string): Html {
  return markup`<td class="number">${text}</td>`;
}
