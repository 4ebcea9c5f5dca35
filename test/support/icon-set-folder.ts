import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

/** What a made icon set says of itself. */
export interface MadeIconSet {
  readonly prefix: string;
  /** Of the pictures; undefined: it says nothing. */
  readonly spdx?: string | undefined;
  /** Of the package. */
  readonly licence?: string;
  /** Names of icons and the colours of their discs. */
  readonly icons: Readonly<Record<string, string>>;
  readonly aliases?: Readonly<Record<string, string>>;
  /** Icons by code points. */
  readonly chars?: Readonly<Record<string, string>>;
}

/** Discs named after emoji that are discs, and others. */
export const discs: Readonly<Record<string, string>> = {
  'red-circle': 'red',
  'orange-circle': 'orange',
  'yellow-circle': 'yellow',
  'green-circle': 'green',
  'blue-circle': 'blue',
  'purple-circle': 'purple',
  'brown-circle': 'brown',
  'black-circle': 'black',
  'full-moon': '#ffd',
  'new-moon': '#223',
  tomato: 'tomato',
  'blue-heart': '#33f',
};

/** Writes an icon set in Iconify's layout, every icon a disc of 16 units. */
export function writeIconSet(folder: string, made: MadeIconSet): string {
  const {prefix, spdx, licence = 'MIT', icons, aliases = {}, chars} = made;
  mkdirSync(folder, {recursive: true});
  const write = (name: string, value: unknown) => writeFileSync(join(folder, name), JSON.stringify(value));
  const body = (colour: string) => `<circle cx="8" cy="8" r="7" fill="${colour}"/>`;
  write('icons.json', {
    prefix,
    icons: Object.fromEntries(Object.entries(icons).map(([name, colour]) => [name, {body: body(colour)}])),
    aliases: Object.fromEntries(Object.entries(aliases).map(([name, parent]) => [name, {parent}])),
    width: 16,
    height: 16,
  });
  write('info.json', {
    name: `The ${prefix} set`,
    author: {name: 'A. Drawer', url: 'drawings'},
    license: {title: 'a licence', ...(spdx !== undefined && {spdx})},
  });
  write('package.json', {name: prefix, version: '1.0.0', license: licence});
  if (chars) write('chars.json', chars);
  return folder;
}
