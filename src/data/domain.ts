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

/** How keywords are made from captions of the domain: what `keywords extract --domain` does unless told otherwise. */
export interface KeywordRule {
  readonly method: 'yake' | 'nouns' | 'tf-idf';
  /** Most words of a keyword. */
  readonly nGram: number;
  /** Words that say nothing in this domain, in lower case, beside the usual ones. */
  readonly stopWords: readonly string[];
  readonly reason: string;
}

/** How training images are varied. */
export interface Augmentation {
  /** Least and largest share of the area that a crop takes, above 0 and at most 1. */
  readonly crop: readonly [least: number, largest: number];
  /** Whether every second image, drawn anew at each visit, is mirrored left to right. */
  readonly mirror: boolean;
  readonly reason: string;
}

/** A published data set of the domain. */
export interface DomainSet {
  readonly title: string;
  /** What lies on the disk and how it is named to `--captioned`, `--unpaired` or `--data`. */
  readonly layout: string;
  /** Images of each split that is known. */
  readonly splits: Readonly<Record<string, number>>;
  /** The class set that names its labels. */
  readonly classes?: string | undefined;
  readonly licence: string;
  /** Where it comes from. */
  readonly source: string;
}

/** All that is special about a domain of images. */
export interface Domain {
  /** The file's name. */
  readonly name: string;
  readonly summary: string;
  /** By data set, for example `ucm`. */
  readonly classSets: Readonly<Record<string, ClassSet>>;
  /** Prompt templates with `{}` for the class name; their normalised features are averaged. */
  readonly templates: readonly string[];
  readonly keywords: readonly string[];
  readonly keywordRule?: KeywordRule | undefined;
  /** Undefined: crops of 0.9 to 1 of the area, as S-CLIP does everywhere. */
  readonly augmentation?: Augmentation | undefined;
  /** By name. */
  readonly sets?: Readonly<Record<string, DomainSet>> | undefined;
  /** Where the data comes from and what its licence allows. */
  readonly licence: string;
  readonly references: readonly string[];
  readonly data?: DomainData | undefined;
}

/** Types a domain; the folder `domains/` is the registry, and a user's own is one file. */
export function defineDomain(domain: Domain): Domain {
  return domain;
}
