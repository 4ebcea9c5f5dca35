/** Two columns; further lines of the second keep its indentation. */
export function rowsText(entries: readonly (readonly [string, string])[]): string {
  const width = Math.max(0, ...entries.map(([name]) => name.length));
  const indent = ' '.repeat(width + 4);
  return entries
    .map(([name, text]) => `  ${name.padEnd(width)}  ${text.replaceAll('\n', `\n${indent}`)}`)
    .join('\n');
}
