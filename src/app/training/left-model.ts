import {ownEntries} from '../../methods/contract/parts.js';
import {loadClip} from '../../model/checkpoint.js';
import type {ClipModel} from '../../model/clip-model.js';
import {writeJsonAtomically} from '../../support/atomic-file.js';
import type {EmbedProgress} from '../embed-rows.js';
import type {PreparedTraining} from './prepare-training.js';
import {
  mixedModel,
  selectionNotice,
  selectMixture,
  usualSelection,
  type Selection,
} from './select-weights.js';
import {solved, type SolvedModel} from './solve.js';
import {finishedModel} from './trained-model.js';

/**
 * What the run leaves, as one method after the other finishes it; the model before the run is read again only when weights are
 * chosen or a method asks for it.
 */
export async function leftModel(
  run: PreparedTraining,
): Promise<SolvedModel & {readonly selection?: Selection | undefined}> {
  const {plan, parts, trainee, emit} = run;
  const extras = trainee.extras();
  const onProgress = async ({done, total}: EmbedProgress) =>
    emit({type: 'progress', phase: 'solve', done, total});
  const {model: chosen, selection} = await chosenModel(run);
  let made: SolvedModel = {model: chosen};
  for (const part of parts) {
    if ('finish' in part.method) {
      const {weights, state} = await loadClip(plan.model.folder);
      made = {...made, model: finishedModel(made.model, part, {...weights, ...state})};
    }
    if ('keeps' in part.method) {
      const {method, params} = part;
      const own = method.keeps!({config: run.config, params, extras: ownEntries(extras, method)});
      made = {...made, kept: [...(made.kept ?? []), own]};
    }
    if ('tokenHeads' in part.method) {
      const {method, params} = part;
      const heads = method.tokenHeads!({config: run.config, params, extras: ownEntries(extras, method)});
      made = {...made, tokenHeads: {...heads, method: method.name}};
    }
    if ('solve' in part.method) {
      await emit({type: 'phase', phase: 'solve'});
      made = {...made, ...(await solved(part, made.model, {...run, extras, onProgress}))};
    }
  }
  return {...made, selection};
}

/** The weights that the plan's rule takes, of those before and after training. */
async function chosenModel(run: PreparedTraining): Promise<{model: ClipModel; selection?: Selection}> {
  const {plan, trainee, folder, emit} = run;
  const {rule} = plan.selection;
  const trained = trainee.model();
  if (rule === 'last') return {model: trained};
  await emit({type: 'phase', phase: 'select'});
  const start = await loadClip(plan.model.folder);
  if (rule === 'usual') {
    return {model: mixedModel(start, trained, usualSelection.share), selection: usualSelection};
  }
  const onProgress = async ({done, total}: EmbedProgress) =>
    emit({type: 'progress', phase: 'select', done, total});
  const chosen = await selectMixture(start, trained, {...run, onProgress});
  await writeJsonAtomically(folder.selection, chosen.selection);
  await emit({type: 'notice', message: selectionNotice(chosen.selection)});
  return chosen;
}
