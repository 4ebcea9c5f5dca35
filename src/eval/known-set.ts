import type {Domain} from '../data/domain.js';
import type {ImageRef} from '../data/rows.js';

/** The part of a domain that zero-shot classification reads. */
export type ClassNames = Pick<Domain, 'name' | 'classSets' | 'templates'>;

/** An image of a known set with its class as the set writes it. */
export interface KnownImage {
  readonly image: ImageRef;
  readonly label: string;
}

/** A search for images of the same thing. */
export interface InstanceQuery {
  /** What is looked for; it need not be one of the images that are searched. */
  readonly image: ImageRef;
  /** Numbers of the images that show the same. */
  readonly good: readonly number[];
  /** Numbers of images that count neither as right nor as wrong. */
  readonly junk: readonly number[];
}

/** Images that are searched, and what is looked for in them. */
export interface InstanceSearch {
  readonly images: readonly ImageRef[];
  readonly queries: readonly InstanceQuery[];
}

/** A published evaluation set that lies in a local folder; one file a set in `sets/`. */
export interface KnownSet {
  /** The file's name. */
  readonly name: string;
  readonly title: string;
  /** Where it comes from and what of it is needed, for the sentence about a set that is not there. */
  readonly source: string;
  /** Names that its folder may have below the folder of all sets; the first is the one that is asked for. */
  readonly folders: readonly string[];
  /** Folders of one folder a class to look for, where `read` finds nothing. */
  readonly imageFolders?: readonly string[];
  /** Labels that are no class. */
  readonly ignored?: readonly string[];
  /** How many classes there are, with readable names where the labels alone do not read well. */
  readonly classes?: {readonly count: number; readonly names?: Readonly<Record<string, string>>};
  readonly templates?: readonly string[];
  /** Images in the set's own layout; undefined where that is not what lies there. */
  read?(root: string): Promise<readonly KnownImage[] | undefined>;
  /** Whether the folder is opened as any other data, with splits, captions and classes as they are there. */
  readonly asData?: boolean;
  /** Names and templates of its classes, where a domain has them. */
  readonly domain?: ClassNames;
  /** Searches for images of the same thing; undefined where the set's layout is not what lies there. */
  instances?(root: string): Promise<InstanceSearch | undefined>;
}

/** Types a known set; the folder `sets/` is the registry. */
export function defineKnownSet(set: KnownSet): KnownSet {
  return set;
}
