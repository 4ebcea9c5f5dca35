import {differenceText, figureText, verdict, type Figure, type Figures} from './figure.js';
import {markup, type Html} from './html.js';
import {htmlTable, numberCell, pngPicture, textCell} from './html-page.js';

/** A model, or a difference of two, with its figures: a column of a table. */
export interface FigureColumn {
  readonly label: string;
  readonly figures: Figures;
}

/** One row a figure, one column a model. */
export function figureTable(columns: readonly FigureColumn[]): Html {
  return columnTable(columns, (figure) => numberCell(figureText(figure)));
}

/** One row a figure, one column a difference; what chance does not explain is marked. */
export function differenceTable(columns: readonly FigureColumn[]): Html {
  return columnTable(
    columns,
    (figure) => markup`<td class="number ${verdict(figure)}">${differenceText(figure)}</td>`,
  );
}

function columnTable(columns: readonly FigureColumn[], cell: (figure: Figure) => Html): Html {
  const names = [...new Set(columns.flatMap(({figures}) => Object.keys(figures)))];
  return htmlTable(
    ['', ...columns.map(({label}) => label)],
    names.map((name) => [
      textCell(name),
      ...columns.map(({figures}) => (figures[name] ? cell(figures[name]) : textCell(''))),
    ]),
  );
}

/** A picture with the captions that two models give it. */
export interface CaptionedPicture {
  /** Of the picture, for people. */
  readonly name: string;
  readonly png: Buffer;
  readonly captions: readonly {
    readonly by: string;
    readonly lines: readonly {readonly caption: string; readonly weight: number}[];
  }[];
}

/** Pictures beside their captions. */
export function pictureCards(pictures: readonly CaptionedPicture[]): Html {
  const cards = pictures.map(({name, png, captions}) => {
    const lists = captions.map(({by, lines}) => {
      const items = lines.map(
        ({caption, weight}) =>
          markup`<li>${caption} <span class="range">${(100 * weight).toFixed(0)}\u00a0%</span></li>`,
      );
      return markup`${by}
        <ol>
          ${items}
        </ol>`;
    });
    return markup`<div class="card">
      ${pngPicture(png, name)}
      <div><strong>${name}</strong>${lists}</div>
    </div> `;
  });
  return markup`<div class="cards">${cards}</div>`;
}

/** Commands to be copied. */
export function commandBlock(commands: readonly string[]): Html {
  return markup`<pre>${commands.join('\n')}</pre>`;
}
