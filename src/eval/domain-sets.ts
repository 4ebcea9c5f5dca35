import {listDomains, loadDomain} from '../data/load-domain.js';
import type {KnownSet} from './known-set.js';

/** The published sets of all domains by name, to be opened as the domain's data with the names and templates of it. */
export async function domainSets(): Promise<Map<string, KnownSet>> {
  const sets = new Map<string, KnownSet>();
  for (const domainName of await listDomains()) {
    const {name: domain, sets: own = {}, classSets, templates} = await loadDomain(domainName);
    for (const [name, {title, layout, source, classes}] of Object.entries(own)) {
      const named = classes === undefined ? classSets : {[classes]: classSets[classes]!};
      sets.set(name, {
        name,
        title: `${title} (${layout})`,
        source,
        folders: [name],
        asData: true,
        domain: {name: domain, classSets: named, templates},
      });
    }
  }
  return sets;
}
