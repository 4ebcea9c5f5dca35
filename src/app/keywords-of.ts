import type {Domain} from '../data/domain.js';
import {classNameReference, classNamesOf, countClassNames} from '../data/keywords/class-names.js';
import {readKeywords} from '../data/keywords/keyword-file.js';
import {UserError} from '../support/errors.js';

/** The keywords of a run and what must be said about them. */
export interface ChosenKeywords {
  /** Where they come from, for people. */
  readonly source: string;
  readonly list: readonly string[];
  /**
   * Whether they are the names of the classes that zero-shot evaluation asks for: figures with such an oracle
   * vocabulary say less about what captions alone can teach.
   */
  readonly oracle: boolean;
}

/** Above this share of class names a list is an oracle vocabulary, whatever its file says. */
const oracleShare = 0.5;

/**
 * The keywords that a request names: a file, `class-names[:SET,...]` of the domain, or else the domain's own list; none
 * when neither is there.
 * @throws UserError when the file cannot be read or the class sets are not known
 */
export async function keywordsOf(
  asked: string | undefined,
  domain: Pick<Domain, 'name' | 'classSets' | 'keywords'> | undefined,
  onNotice: (message: string) => void,
): Promise<ChosenKeywords> {
  const chosen = await chosenList(asked, domain, onNotice);
  if (chosen.oracle) {
    onNotice(`keywords: an oracle vocabulary, ${chosen.reason}: report it beside the figures`);
  }
  return {source: chosen.source, list: chosen.list, oracle: chosen.oracle};
}

async function chosenList(
  asked: string | undefined,
  domain: Pick<Domain, 'name' | 'classSets' | 'keywords'> | undefined,
  onNotice: (message: string) => void,
): Promise<ChosenKeywords & {readonly reason: string}> {
  if (asked === undefined) {
    if (domain === undefined) return {source: 'none', list: [], oracle: false, reason: ''};
    // the contract tests hold the domains' own lists below the share
    return {source: `domain ${domain.name}`, ...judged([...domain.keywords], domain, false)};
  }
  const sets = classNameReference(asked);
  if (sets === null) {
    const {keywords, oracle} = await readKeywords(asked, {onNotice});
    return {source: asked, ...judged(keywords, domain, oracle)};
  }
  if (domain === undefined) {
    throw new UserError(`--keywords ${asked}: expected a domain that names classes, got none`, {
      tryThis: '--domain NAME',
    });
  }
  const list = classNamesOf(domain, sets);
  return {source: `class names of ${domain.name}`, list, oracle: true, reason: 'the names of the classes'};
}

function judged(
  list: readonly string[],
  domain: Pick<Domain, 'classSets'> | undefined,
  marked: boolean,
): {readonly list: readonly string[]; readonly oracle: boolean; readonly reason: string} {
  const named = domain === undefined ? 0 : countClassNames(list, domain);
  const oracle = marked || named > oracleShare * list.length;
  const reason = marked ? 'as its file says' : `${named} of ${list.length} are class names of the domain`;
  return {list, oracle, reason};
}
