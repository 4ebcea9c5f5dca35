import {Args, Flags} from '@oclif/core';
import {BaseCommand} from '../src/cli/base-command.js';
import {corpusText} from '../src/cli/corpus-text.js';
import {followRun} from '../src/cli/follow-run.js';
import {planText} from '../src/cli/plan-text.js';
import {settingFlag} from '../src/cli/recipe-flags.js';
import {exitCodes} from '../src/support/errors.js';

export default class Pretrain extends BaseCommand {
  static override summary = 'Train a small CLIP from scratch on drawings under friendly licences.';

  static override description =
    'The recipe names icon sets by npm package, the sizes of the towers and how they are trained. Packages are fetched with ' +
    'npm, licences are checked, pictures are drawn once into the user’s cache, a tokenizer is learnt from the captions; ' +
    'then it is a run like any other: Ctrl-C once writes a checkpoint and stops, the same command with --resume goes on ' +
    'and ends with the same bits.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> recipes/pretrain/emoji-clip.yaml',
    '<%= config.bin %> <%= command.id %> recipes/pretrain/emoji-clip.yaml --corpus-only',
    '<%= config.bin %> <%= command.id %> my-icons.yaml --set train.steps=500 --out runs/icons --export my-clip',
  ];

  static override args = {
    recipe: Args.string({required: true, description: 'a recipe file for pre-training'}),
  };

  static override flags = {
    set: settingFlag,
    out: Flags.string({helpValue: 'DIR', description: 'the run folder (default: runs/pretrain-HASH)'}),
    resume: Flags.boolean({description: 'go on with the run in that folder'}),
    export: Flags.string({
      helpValue: 'DIR',
      description: 'also write the finished model there in float16, with the corpus’s licences',
    }),
    'corpus-only': Flags.boolean({
      description: 'draw the corpus, tell what is in it, and train nothing',
      exclusive: ['dry-run', 'smoke', 'export', 'out', 'resume'],
    }),
    'dry-run': Flags.boolean({description: 'show the plan and train nothing; the corpus is drawn'}),
    smoke: Flags.boolean({description: 'walk the whole way with two tiny steps'}),
  };

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Pretrain);
    const {prepareCorpus, preparePretraining} = await import('../src/app/pretrain/prepare.js');
    const settings = flags.set ?? [];
    if (flags['corpus-only']) {
      const {folder, report} = await this.follow(prepareCorpus(args.recipe, {settings}));
      this.result({folder, ...report}, () => corpusText(folder, report));
      return;
    }
    const options = {settings, out: flags.out, smoke: flags.smoke};
    const prepared = await this.follow(preparePretraining(args.recipe, options));
    if (flags['dry-run']) {
      this.result(prepared, () => planText(prepared));
      return;
    }
    const {startRun} = await import('../src/app/adapt.js');
    const {exportModel} = await import('../src/app/pretrain/export-model.js');
    const printer = await this.runPrinter(() => import('../src/ui/show-run.js'));
    const note = (message: string) => this.note(message);
    const run = await startRun(prepared, {resume: flags.resume, onNotice: note});
    const exit = await followRun(run, printer, note);
    if (exit === exitCodes.done && flags.export !== undefined) await exportModel(prepared, flags.export);
    process.exitCode = exit;
  }
}
