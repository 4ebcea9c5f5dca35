import {Errors} from '@oclif/core';
import {exitCodes, UserError, type ExitCode} from '../support/errors.js';

/** What a failed command tells: one sentence, what to try, and the exit code. */
export interface ErrorReport {
  readonly message: string;
  readonly tryThis?: string;
  readonly exit: number;
}

const temporaryCauses: Readonly<Record<string, string>> = {
  ENOSPC: 'free some disk space, then run the same command again',
  EDQUOT: 'free some of your disk quota, then run the same command again',
  EROFS: 'choose a folder that can be written with --out',
  EACCES: 'check the permissions of that path',
};

/** Translates whatever was thrown. The only place where errors become exit codes. */
export function errorReport(error: unknown): ErrorReport {
  if (error instanceof UserError) {
    return {message: error.message, exit: error.exit, ...(error.tryThis && {tryThis: error.tryThis})};
  }
  if (error instanceof Errors.ExitError) return {message: '', exit: error.oclif.exit ?? exitCodes.done};
  if (error instanceof Errors.CLIError) {
    const tryThis = error.suggestions?.join(' or ');
    return {message: firstParagraph(error.message), exit: exitCodes.usage, ...(tryThis && {tryThis})};
  }
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  const tryThis = code === undefined ? undefined : temporaryCauses[code];
  if (tryThis !== undefined) return {message: (error as Error).message, exit: exitCodes.retry, tryThis};
  return bugReport(error);
}

/** The name and number that stand in scripts, for the help pages. */
export function describeExit(exit: ExitCode): string {
  return Object.entries(exitCodes).find(([, code]) => code === exit)?.[0] ?? String(exit);
}

function bugReport(error: unknown): ErrorReport {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    message: `internal error: ${message}`,
    exit: exitCodes.bug,
    tryThis:
      'this is a fault of fewclip: please report it with the lines above and the output of `fewclip doctor`',
  };
}

/** oclif appends "See more help with --help" after an empty line; the rest is one sentence. */
function firstParagraph(message: string): string {
  return message
    .split(/\n(?:See more help|\n)/)[0]!
    .replaceAll(/\s*\n\s*/g, ' ')
    .trim();
}
