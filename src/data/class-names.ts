import {parseDocument} from 'yaml';
import {UserError, exitCodes} from '../support/errors.js';
import {readFilePart} from './file-part.js';
import type {FileStore} from './file-store.js';
import type {Fields} from './layout.js';
import {utf8Text} from './utf8-text.js';

/** Readable names of classes, by the label that the data writes. */
export interface ClassNames {
  readonly place: string;
  readonly names: ReadonlyMap<string, string>;
  /** Whether labels are numbers, counted from 0. */
  readonly areNumbered: boolean;
}

const classFiles = ['classes.txt', 'classes.yaml', 'classes.yml'] as const;

/**
 * What `classes.txt` or `classes.yaml` at the root of a set calls its classes; null without such a file. A text has one
 * name a line, for the labels 0, 1, ...; or a label, a tab or colon, and the name. YAML is a list or a mapping.
 * @throws UserError (data) with the line of the first fault.
 */
export async function readClassNames(store: FileStore): Promise<ClassNames | null> {
  for (const file of classFiles) {
    const found = await store.find(file);
    if (found === undefined) continue;
    const place = store.place(file);
    const text = utf8Text(await readFilePart(found.part), place);
    return file === 'classes.txt' ? namesInText(text, place) : namesInYaml(text, place);
  }
  return null;
}

/** The class of a row by its readable name; labels that the file does not know stay as they are. */
export function withClassName(fields: Fields, {names, areNumbered, place}: ClassNames): Fields {
  const column = ['class', 'label'].find((name) => fields[name] !== undefined && fields[name] !== null);
  if (column === undefined) return fields;
  const label = String(fields[column]);
  const name = names.get(label);
  if (name !== undefined) return {...fields, [column]: name};
  if (areNumbered && /^\d+$/.test(label)) {
    throw new UserError(
      `${place}: expected a name for class ${label}, got ${names.size} names (0 to ${names.size - 1})`,
      {
        exit: exitCodes.data,
      },
    );
  }
  return fields;
}

function namesInText(text: string, place: string): ClassNames {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  while (lines.at(-1) === '') lines.pop();
  const empty = lines.indexOf('');
  if (empty >= 0) throw broken(`${place}: line ${empty + 1}`, 'a class', 'an empty line');
  const pairs = lines.map((line) => /^([^\t:]+?)\s*[\t:]\s*(.+)$/.exec(line));
  if (pairs.every((pair) => pair !== null))
    return named(
      place,
      pairs.map(([, label, name]) => [label!, name!]),
    );
  return numbered(place, lines);
}

function namesInYaml(text: string, place: string): ClassNames {
  const document = parseDocument(text);
  const [fault] = document.errors;
  if (fault !== undefined) throw broken(place, 'YAML', fault.message.split('\n', 1)[0]!);
  const value = document.toJS({maxAliasCount: 0}) as unknown;
  const isName = (entry: unknown) => typeof entry === 'string' || typeof entry === 'number';
  if (Array.isArray(value) && value.every(isName)) return numbered(place, value.map(String));
  if (typeof value === 'object' && value !== null && Object.values(value).every(isName)) {
    return named(
      place,
      Object.entries(value as Record<string, unknown>).map(([label, name]) => [label, String(name)]),
    );
  }
  throw broken(
    place,
    'a list of classes, or a mapping of labels to names',
    Array.isArray(value) ? 'other entries' : 'other content',
  );
}

function numbered(place: string, names: readonly string[]): ClassNames {
  return {
    ...named(
      place,
      names.map((name, i) => [String(i), name]),
    ),
    areNumbered: true,
  };
}

function named(place: string, pairs: readonly (readonly [label: string, name: string])[]): ClassNames {
  const names = new Map(pairs);
  if (names.size < pairs.length) {
    const twice = pairs.find(([label], i) => pairs.findIndex(([other]) => other === label) !== i)!;
    throw broken(place, 'each label once', `${twice[0]} twice`);
  }
  return {place, names, areNumbered: false};
}

function broken(where: string, expected: string, got: string): UserError {
  return new UserError(`${where}: expected ${expected}, got ${got}`, {exit: exitCodes.data});
}
