import type {CaptionedRow, ImageRow} from './rows.js';

/** The classes of one zero-shot data set. */
export interface ClassSet {
  /** Label as the data writes it -> readable name that goes into the templates. */
  readonly names: Readonly<Record<string, string>>;
}

/** Data that a domain can make by itself. */
export interface DomainData {
  /** With their label where it is known, for methods that learn classes. */
  captioned(): Promise<readonly (CaptionedRow & {readonly label?: string})[]>;
  unpaired(): Promise<readonly ImageRow[]>;
  /** Held-out rows with their label (a key of one of the domain's class sets). */
  test(): Promise<readonly (CaptionedRow & {readonly label: string})[]>;
}

export interface Domain {
  /** The file's name. */
  readonly name: string;
  readonly summary: string;
  /** By data set, for example `ucm`. */
  readonly classSets: Readonly<Record<string, ClassSet>>;
  /** Prompt templates with `{}` for the class name; their normalised features are averaged. */
  readonly templates: readonly string[];
  readonly keywords: readonly string[];
  /** Where the data comes from and what its licence allows. */
  readonly licence: string;
  readonly references: readonly string[];
  readonly data?: DomainData;
}

export function defineDomain(domain: Domain): Domain {
  return domain;
}
