import {join} from 'node:path';
import {packageRoot} from '../../src/support/package-root.js';

/** A data set in the folder `shared` beside the clone; it may not be there. */
export function benchData(file: string): string {
  return join(packageRoot(), '..', 'shared', 'data', file);
}

/** The small trained CLIP in the folder `shared` beside the clone; it may not be there. */
export function benchSmallModel(): string {
  return join(packageRoot(), '..', 'shared', 'models', 'tiny-clip-rs');
}
