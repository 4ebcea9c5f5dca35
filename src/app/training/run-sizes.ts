import type {RunSizes} from '../../methods/contract/method.js';
import type {Plan} from '../../recipe/plan.js';

/** What there is to learn from in a planned run. */
export function runSizes({counts, keywords}: Pick<Plan, 'counts' | 'keywords'>): RunSizes {
  return {captioned: counts.captioned, keywords: keywords.list.length};
}
