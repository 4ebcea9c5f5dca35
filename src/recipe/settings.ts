import {UserError} from '../support/errors.js';
import {parseYaml} from '../support/yaml-document.js';

/** A recipe's content after settings, and which setting an entry comes from. */
export interface SetContent {
  readonly content: Readonly<Record<string, unknown>>;
  /** `--set key` for an entry that a setting decides; undefined for one of the file. */
  readonly settingAt: (path: readonly PropertyKey[]) => string | undefined;
}

/**
 * Applies `key=value` settings; the key may have dots (`params.transport`), the value is YAML (`[0, 1]`). What is not
 * there is made, what is there is replaced.
 * @throws UserError when a setting has no key or no value, or goes into something that is no mapping
 */
export function applySettings(
  content: Readonly<Record<string, unknown>>,
  settings: readonly string[],
): SetContent {
  const keys: string[] = [];
  let changed = content;
  for (const setting of settings) {
    const [, key, text] = /^([^=]+)=(.*)$/s.exec(setting) ?? [];
    if (key === undefined || text === undefined) {
      throw new UserError(`--set ${setting}: expected KEY=VALUE, got no value`, {tryThis: '--set steps=20'});
    }
    const {value} = parseYaml(text, `--set ${key}`);
    changed = withValue(changed, key.trim().split('.'), value, key);
    keys.push(key.trim());
  }
  return {
    content: changed,
    settingAt: (path) => {
      const dotted = path.join('.');
      const found = keys.findLast((key) => dotted === key || dotted.startsWith(`${key}.`));
      return found === undefined ? undefined : `--set ${found}`;
    },
  };
}

function withValue(
  content: Readonly<Record<string, unknown>>,
  [key, ...rest]: readonly string[],
  value: unknown,
  whole: string,
): Readonly<Record<string, unknown>> {
  if (rest.length === 0) return {...content, [key!]: value};
  const inner = Object.hasOwn(content, key!) ? content[key!] : {};
  if (inner === null || typeof inner !== 'object' || Array.isArray(inner)) {
    throw new UserError(`--set ${whole}: expected a mapping at ${key!}, got ${JSON.stringify(inner)}`);
  }
  return {...content, [key!]: withValue(inner as Record<string, unknown>, rest, value, whole)};
}
