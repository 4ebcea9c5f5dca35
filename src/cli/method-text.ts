import type {MethodDescription, ShownMethod} from '../app/show-method.js';
import {rowsText} from './rows-text.js';

/** A method as a page for people: what it is, its objective written out, its parameters. */
export function methodText(method: ShownMethod): string {
  const {name, summary, reads, objective, solved, terms, symbols, parameters, cites, differs, recipes} =
    method;
  const sections = [
    `${name}: ${summary}\nReads ${reads.join(', ')}.`,
    ...(objective === null
      ? []
      : [`Objective\n  L = ${objective}\n${rowsText(terms.map((term) => [term.name, term.value]))}`]),
    ...(solved === null ? [] : [`Solved behind the last step\n${wrapped(solved)}`]),
    `where\n${rowsText(Object.entries(symbols))}`,
    `Parameters (--set NAME=VALUE)\n${parameterText(parameters)}`,
    `From\n${cites.map(citationText).join('\n')}`,
    `Differs from the paper\n${wrapped(differs)}`,
    ...(recipes.length === 0 ? [] : [`Recipe\n${recipes.map(({command}) => `  ${command}`).join('\n')}`]),
  ];
  return sections.join('\n\n');
}

function parameterText(parameters: MethodDescription['parameters']): string {
  if (parameters.length === 0) return '  none';
  return rowsText(
    parameters.map(({flag, description, accepts, default: value}) => [
      flag,
      `${description}\n${accepts}; default ${String(value)}`,
    ]),
  );
}

function citationText({paper, title, equations, code}: MethodDescription['cites'][number]): string {
  const lines = [`${paper}  ${title}`, ...(equations ? [equations] : []), ...(code ? [code] : [])];
  return lines.map((line) => `  ${line}`).join('\n');
}

/** Lines of at most 98 characters, indented by two. */
function wrapped(text: string): string {
  return text.replaceAll(/(.{1,98})(?:\s+|$)/g, '  $1\n').trimEnd();
}
