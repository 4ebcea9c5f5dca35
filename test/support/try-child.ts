import Try from '../../commands/try.js';
import {packageRoot} from '../../src/support/package-root.js';

/*
 * `fewclip try` with another recipe entry or two, for tests: the settings come first, parted by `--` from the arguments of the
 * command.
 */
const [, , ...given] = process.argv;
const end = given.indexOf('--');

class SmallTry extends Try {
  protected override readonly settings = given.slice(0, end);
}

await SmallTry.run(given.slice(end + 1), packageRoot());
