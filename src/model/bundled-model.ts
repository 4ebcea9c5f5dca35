import {join} from 'node:path';
import {packageRoot} from '../support/package-root.js';

/** The name of the small CLIP that comes with the program: `--model bundled`. */
export const bundledName = 'bundled';

/** Its folder; its model card is the `README.md` there. */
export function bundledFolder(): string {
  return join(packageRoot(), 'assets', 'emoji-clip');
}
