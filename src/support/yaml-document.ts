import {isMap, isNode, isPair, isSeq, LineCounter, parseDocument, stringify, type Node} from 'yaml';
import {exitCodes, UserError, type ExitCode} from './errors.js';

/** A YAML text as plain data, and where each part of it stands. */
export interface YamlDocument {
  readonly value: unknown;
  /** `line:column` of the key or item at a path, or of the nearest part around it that is written. */
  readonly placeOf: (path: readonly PropertyKey[]) => string;
}

/**
 * Parses YAML (and JSON, which is a part of it).
 * @param where the file, for messages
 * @throws UserError with line and column of every fault of the text
 */
export function parseYaml(text: string, where: string, exit: ExitCode = exitCodes.usage): YamlDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, {lineCounter: lines, uniqueKeys: true});
  const place = (offset: number) => {
    const {line, col} = lines.linePos(offset);
    return `${line}:${col}`;
  };
  if (document.errors.length > 0) {
    const faults = document.errors.map(
      ({pos, message}) => `${where}:${place(pos[0])}: expected YAML, got ${message.split('\n')[0]!}`,
    );
    throw new UserError(faults.join('; '), {exit});
  }
  const root = document.contents as Node | null;
  return {
    value: document.toJS({maxAliasCount: 50}),
    placeOf: (path) => place(offsetOf(root, path)),
  };
}

function offsetOf(root: Node | null, path: readonly PropertyKey[]): number {
  let node: unknown = root;
  let offset = root?.range?.[0] ?? 0;
  for (const step of path) {
    const found = childOf(node, step);
    if (found === undefined) return offset;
    offset = found.offset;
    node = found.node;
  }
  return offset;
}

function childOf(
  node: unknown,
  step: PropertyKey,
): {readonly node: unknown; readonly offset: number} | undefined {
  if (isSeq(node)) {
    const item = node.items[Number(step)];
    return isNode(item) ? {node: item, offset: item.range?.[0] ?? 0} : undefined;
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find(({key}) => isNode(key) && String(key) === String(step));
  if (!isPair(pair) || !isNode(pair.key)) return undefined;
  return {node: pair.value, offset: pair.key.range?.[0] ?? 0};
}

/** Plain data as YAML, lines of at most 100 characters. */
export function yamlText(value: unknown): string {
  return stringify(value, {lineWidth: 100});
}
