import {Flags} from '@oclif/core';
import type {PreparedRun} from '../src/app/adapt.js';
import {BaseCommand} from '../src/cli/base-command.js';
import {explanationText} from '../src/cli/explanation-text.js';
import {planText} from '../src/cli/plan-text.js';
import {requestFlags, requestOf} from '../src/cli/request-flags.js';
import {followRun} from '../src/cli/follow-run.js';

export default class Adapt extends BaseCommand {
  static override summary = 'Adapt a CLIP to a domain from few captioned and many uncaptioned images.';

  static override description =
    'Trains in a process of its own and keeps everything in a run folder: plan, events, metrics, checkpoints, the ' +
    'model and the result. Ctrl-C once writes a checkpoint and stops; the same command with --resume goes on and ' +
    'ends with the same bits as an uninterrupted run.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> --model ViT-B-32/openai --captioned pairs/ --unpaired photos/ --domain remote-sensing',
    '<%= config.bin %> <%= command.id %> --model ./my-clip --captioned all.tar --label-ratio 0.1 --method s-clip --steps 200 --out runs/first',
    '<%= config.bin %> <%= command.id %> --recipe recipes/ucm-small.yaml --seed 1 --dry-run',
    '<%= config.bin %> <%= command.id %> --domain toy --model ./my-clip --method s-clip --with lora --explain',
    '<%= config.bin %> <%= command.id %> --domain toy --model ./my-clip --smoke --format json',
  ];

  static override flags = {
    ...requestFlags,
    recipe: Flags.string({helpValue: 'FILE', description: 'start from a recipe; flags win over it'}),
    out: Flags.string({helpValue: 'DIR', description: 'the run folder (default: runs/METHOD-HASH)'}),
    resume: Flags.boolean({description: 'go on with the run in that folder'}),
    'dry-run': Flags.boolean({description: 'show the plan and what it would write, and do nothing'}),
    explain: Flags.boolean({
      description: 'show what a step would compute: objective, shapes, what trains, its cost; and do nothing',
      exclusive: ['dry-run'],
    }),
    smoke: Flags.boolean({description: 'walk the whole way with two tiny steps'}),
  };

  async run(): Promise<void> {
    const {flags} = await this.parse(Adapt);
    const {requestFrom} = await import('../src/app/request-from.js');
    const {prepareRun, startRun} = await import('../src/app/adapt.js');
    const request = await requestFrom(flags.recipe, requestOf(flags));
    const options = {
      resume: flags.resume,
      smoke: flags.smoke,
      onNotice: (message: string) => this.note(message),
      ...(flags.out !== undefined && {out: flags.out}),
    };
    const prepared: PreparedRun = await prepareRun(request, options);
    if (flags['dry-run']) {
      this.result(prepared, () => planText(prepared));
      return;
    }
    if (flags.explain) {
      const {explainPlan} = await import('../src/app/explain.js');
      const explanation = await explainPlan(prepared.plan);
      this.result(explanation, () => explanationText(explanation));
      return;
    }
    const printer = await this.runPrinter(() => import('../src/ui/show-run.js'));
    process.exitCode = await followRun(await startRun(prepared, options), printer, (line) => this.note(line));
  }
}
