/**
 * Classes from a table of `label name; label name; ...`: labels have no space, names may.
 * @returns label -> readable name, in the order of the table
 */
export function classTable(table: string): Readonly<Record<string, string>> {
  const entries = table
    .split(';')
    .map((entry) => entry.trim().replace(/\s+/g, ' '))
    .filter((entry) => entry !== '');
  return Object.fromEntries(
    entries.map((entry) => {
      const space = entry.indexOf(' ');
      return [entry.slice(0, space), entry.slice(space + 1)];
    }),
  );
}
