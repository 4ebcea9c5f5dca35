import type {SetFinding} from '../../data/check/caption-problems.js';
import type {ProblemKind} from '../../data/check/problem-kinds.js';
import type {SetRole} from './checked-sets.js';

/** One thing that is wrong with one row. */
export interface RowProblem {
  /** What the set is for, and its path. */
  readonly role: SetRole;
  readonly path: string;
  /** Where a person finds it. */
  readonly place: string;
  readonly kind: ProblemKind;
  readonly detail: string;
  /** Whether it counts for the limit. */
  readonly bad: boolean;
}

/** What was found in one set. */
export interface CheckedSet {
  readonly role: SetRole;
  readonly path: string;
  readonly split: string | null;
  readonly rows: number;
  readonly captions: number;
  /** Files that are neither images nor texts about them, and are left out. */
  readonly otherFiles: number;
  /** Rows by problem; a row may have several. */
  readonly problems: Readonly<Partial<Record<ProblemKind, number>>>;
  readonly findings: readonly SetFinding[];
}

/** What `data check` found. */
export interface CheckReport {
  readonly version: 1;
  readonly sets: readonly CheckedSet[];
  readonly bad: {
    readonly rows: number;
    readonly of: number;
    /** As it was given: `0`, `1%`. */
    readonly most: string;
    readonly isAbove: boolean;
  };
  readonly tokens: {
    /** The model whose tokenizer counted; null: an estimate. */
    readonly by: string | null;
    readonly context: number;
  };
  /** The first of them, set by set. */
  readonly problems: readonly RowProblem[];
  /** How many more there are. */
  readonly notListed: number;
  /** The file with all of them. */
  readonly out: string | null;
}
