/**
 * A page with the row of a table that begins with a name put in the place of the one that is there.
 * @throws Error when the page has no such row
 */
export function withRow(page: string, name: string, cells: readonly string[]): string {
  const lines = page.split('\n');
  const at = lines.findIndex((line) => line.startsWith(`| ${name} `));
  if (at === -1) throw new Error(`results: expected a row of ${name}, got none`);
  lines[at] = `| ${[name, ...cells].join(' | ')} |`;
  return lines.join('\n');
}
