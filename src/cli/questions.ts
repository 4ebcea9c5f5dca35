import {createInterface} from 'node:readline/promises';
import {UserError} from '../support/errors.js';

/** Something that a command must know. */
export interface Question {
  /** The flag that answers it. */
  readonly flag: string;
  readonly text: string;
  /** Taken for an empty answer; undefined: there must be one. */
  readonly usual?: string;
}

/**
 * Answers to questions that flags have left open: asked on a terminal one after another, elsewhere the usual ones.
 * @throws UserError naming every flag that is missing where nobody can be asked
 */
export async function answersTo(
  questions: readonly Question[],
  {isTerminal}: {readonly isTerminal: boolean},
): Promise<Readonly<Record<string, string>>> {
  if (!isTerminal) return usualAnswers(questions);
  const terminal = createInterface({input: process.stdin, output: process.stderr});
  const answers: Record<string, string> = {};
  try {
    for (const {flag, text, usual} of questions) {
      const hint = usual === undefined ? '' : ` [${usual}]`;
      let answer = '';
      while (answer === '') answer = (await terminal.question(`${text}${hint} `)).trim() || (usual ?? '');
      answers[flag] = answer;
    }
  } finally {
    terminal.close();
  }
  return answers;
}

function usualAnswers(questions: readonly Question[]): Readonly<Record<string, string>> {
  const missing = questions.filter(({usual}) => usual === undefined);
  if (missing.length > 0) {
    const flags = missing.map(({flag}) => `--${flag}`).join(', ');
    throw new UserError(`init: expected answers by flags where no terminal is, got none for ${flags}`);
  }
  return Object.fromEntries(questions.map(({flag, usual}) => [flag, usual!]));
}

/** `a, b` -> [a, b]. */
export function listed(answer: string): string[] {
  return answer
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
