import type {Explanation, NamedShape} from '../app/explain.js';
import {rowsText} from './rows-text.js';

/** What a plan would compute, as a page for people. */
export function explanationText(explanation: Explanation): string {
  const {terms, solved, symbols, batch, towers, extras, state, constants, cost} = explanation;
  const sections = [
    ...(terms.length > 0
      ? [
          `Objective\n  L = ${terms.map(weighted).join(' + ')}\n${rowsText(terms.map(({name, value}) => [name, value]))}`,
        ]
      : []),
    ...(solved.length > 0
      ? [`Solved behind the last step\n${rowsText(solved.map(({method, value}) => [method, value]))}`]
      : []),
    ...(Object.keys(symbols).length > 0 ? [`where\n${rowsText(Object.entries(symbols))}`] : []),
    ...(batch.length > 0 ? [`A step reads\n${shapeRows(batch)}`] : []),
    `Numbers that train\n${rowsText([
      ['towers', `${grouped(towers.trained)} of ${grouped(towers.all)}`],
      ['methods', grouped(size(extras))],
    ])}`,
    ...(extras.length > 0 ? [`Weights of the methods' own\n${shapeRows(extras)}`] : []),
    ...(state.length + constants > 0
      ? [
          `Numbers that are kept\n${rowsText([
            ['from step to step', grouped(size(state))],
            ['of frozen models', grouped(constants)],
          ])}`,
        ]
      : []),
    ...(cost
      ? [
          `A step costs\n${rowsText([
            ['arithmetic', `${(cost.flops / 1e9).toPrecision(4)} GFLOP in matrix products and convolutions`],
            ['graph', `${grouped(cost.operations)} operations`],
          ])}`,
        ]
      : []),
  ];
  return sections.join('\n\n');
}

function weighted({name, weight, scheduled}: Explanation['terms'][number]): string {
  const factor = weight === 1 ? '' : `${Number(weight.toPrecision(6))} * `;
  return `${factor}${name}${scheduled ? ' (weight by schedule)' : ''}`;
}

/** The first entries; lists of hundreds, such as those of low-rank updates, are summed up. */
function shapeRows(entries: readonly NamedShape[]): string {
  const shown = entries
    .slice(0, 12)
    .map(({name, shape}): [string, string] => [name, `[${shape.join(', ')}]`]);
  const rest = entries.length - shown.length;
  return rowsText([...shown, ...(rest > 0 ? [[`and ${rest} more`, ''] satisfies [string, string]] : [])]);
}

function size(entries: readonly NamedShape[]): number {
  return entries.reduce((sum, {shape}) => sum + shape.reduce((product, side) => product * side, 1), 0);
}

function grouped(value: number): string {
  return value.toLocaleString('en-US');
}
