import {existsSync, mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {beforeAll, describe, expect, it} from 'vitest';
import Adapt from '../../commands/adapt.js';
import {runFewclip} from '../support/run-fewclip.js';
import {temporaryFolder} from '../support/temporary-folder.js';
import {writeUntrainedClip} from '../support/untrained-clip.js';

const root = temporaryFolder();
const at = (name: string) => join(root, name);
const out = at('run');

beforeAll(async () => {
  await writeUntrainedClip(at('clip'));
  mkdirSync(at('empty'));
  writeFileSync(at('words.txt'), '');
  writeFileSync(at('broken.yaml'), 'model: [\n');
  writeFileSync(at('typo.yaml'), 'model: ./clip\nbacth: 3\n');
  mkdirSync(at('uncaptioned'));
  writeFileSync(at('uncaptioned/manifest.jsonl'), '{"file": "a.png"}\n');
  mkdirSync(at('gone'));
  writeFileSync(at('gone/captions.csv'), 'file,caption\nnowhere.png,a picture\n');
  mkdirSync(at('torn'));
  writeFileSync(at('torn/manifest.jsonl'), '{"file": "a.png"\n');
});

/** Options beside `--domain toy --model CLIP --out RUN`, the exit code, and what the one sentence must say. */
const faults: readonly (readonly [readonly string[], number, string | RegExp])[] = [
  [['--batch', '1'], 2, 'adapt: batch: expected >= 2, got 1'],
  [['--batch', 'many'], 2, 'adapt: batch: expected number, got "many"'],
  [['--lr', '0'], 2, 'adapt: learningRate: expected > 0, got 0'],
  [['--steps', '5', '--epochs', '1'], 2, 'adapt: expected steps or epochs, got both'],
  [['--engine', 'torch'], 2, 'adapt: engine: expected auto or tensorflow or wasm or cpu, got "torch"'],
  [['--select', 'best'], 2, 'adapt: select: expected held-out or last, got "best"'],
  [['--held-out-share', '0.9'], 2, 'adapt: heldOutShare: expected <= 0.5, got 0.9'],
  [['--frozen', 'both'], 2, 'adapt: frozen: expected none or image or text, got "both"'],
  [['--label-ratio', '2'], 2, 'adapt: labelRatio: expected <= 1, got 2'],
  [['--method', 's-clop'], 2, /expected a known method, got s-clop \(.*did you mean s-clip\?\)/],
  [['--transport', 'oat'], 2, 'method s-clip: transport: expected ot or soft or hard, got "oat"'],
  [
    ['--set', 'planGard=stop'],
    2,
    'method s-clip: expected a known key, got planGard (did you mean planGrad?)',
  ],
  [['--with', 'distil'], 2, /expected a known method, got distil \(.*did you mean distill\?\)/],
  [['--with', 'distill:-1'], 2, 'adapt: with.0.weight: expected >= 0, got -1'],
  [['--with', 'distill:much'], 2, 'adapt: with.0.weight: expected number, got "much"'],
  [
    ['--with', 'soft-pl'],
    2,
    'methods: expected one that decides which captions or words uncaptioned images get, got s-clip and soft-pl',
  ],
  [['--set', 'lora.rank=4'], 2, '--set lora.rank=4: expected a method given by --with, got lora'],
  [['--with', 'lora', '--set', 'lora.rank=0'], 2, 'method lora: rank: expected >= 1, got 0'],
  [['--with', 'lora', '--with', 'lit'], 2, 'expected one that decides which weights train, got lora and lit'],
  [['--bacth', '3'], 2, 'Nonexistent flag: --bacth'],
  [['--format', 'xml'], 2, /--format=xml to be one of: auto, human, plain, json, quiet/],
  [['--recipe', at('none.yaml')], 2, `${at('none.yaml')}: expected a recipe file, got ENOENT`],
  [['--recipe', at('broken.yaml')], 2, /broken\.yaml:\d+:\d+: expected YAML, got /],
  [
    ['--recipe', at('typo.yaml')],
    2,
    `${at('typo.yaml')}:2:1: expected a known key, got bacth (did you mean batch?)`,
  ],
  [['--keywords', at('none.txt')], 3, 'expected a file with one keyword a line'],
  [['--keywords', at('words.txt')], 3, 'expected 1 to 2000 keywords, one a line, got 0'],
  [['--captioned', at('none')], 3, `${at('none')}: expected`],
  [['--captioned', at('empty')], 3, `${at('empty')}: expected`],
  [['--captioned', at('uncaptioned')], 3, at('uncaptioned')],
  [['--captioned', at('gone')], 3, 'nowhere.png'],
  [['--captioned', at('torn')], 3, 'manifest.jsonl'],
  [['--captioned', at('gone'), '--img-key', 'nope'], 3, 'nope'],
  [['--captioned', at('gone'), '--caption-key', 'nope'], 3, 'nope'],
  [['--augmentation', 'much'], 2, 'adapt: augmentation: expected domain or published, got "much"'],
  [['--keyword-matching', 'some'], 2, 'adapt: keywordMatching: expected words or exact, got "some"'],
  [['--captioned', 'domain:toy#trian'], 2, 'trian'],
  [['--unpaired', at('none')], 3, `${at('none')}: expected`],
  [['--evaluate', at('none')], 3, `${at('none')}: expected`],
  [['--split', 'trian'], 2, 'trian'],
  [['--domain', 'mars'], 2, 'mars'],
  [['--out', at('words.txt')], 2, `${at('words.txt')}: expected a folder`],
  [['--seed', '-1'], 2, 'adapt: seed: expected >= 0, got -1'],
  [['--unpaired-batch', '0'], 2, 'adapt: unpairedBatch: expected >= 1, got 0'],
  [['--unpaired-order', 'any'], 2, 'adapt: unpairedOrder: expected auto or shuffled or matched, got "any"'],
  [['--micro-batch', '0'], 2, 'adapt: microBatch: expected >= 1, got 0'],
  [['--warmup', '-1'], 2, 'adapt: warmupSteps: expected >= 0, got -1'],
  [['--weight-decay', '-1'], 2, 'adapt: weightDecay: expected >= 0, got -1'],
  [['--clip-norm', '0'], 2, 'adapt: clipNorm: expected > 0, got 0'],
  [['--checkpoint-every', '0'], 2, 'adapt: checkpointEvery: expected >= 1, got 0'],
  [['--image-cache', '-1'], 2, 'adapt: imageCacheMiB: expected >= 0, got -1'],
  [['--precision', 'fp16'], 2, 'adapt: precision: expected auto or fp32 or bf16, got "fp16"'],
  [['--precision', 'bf16', '--engine', 'wasm'], 2, '--precision bf16: expected the tensorflow engine'],
  [['--assign', 'sound'], 2, 'method s-clip: assign: expected image or text, got "sound"'],
  [['--plan-grad', 'half'], 2, 'method s-clip: planGrad: expected stop or through, got "half"'],
  [['--transport-iters', '0'], 2, 'method s-clip: transportIters: expected >= 1, got 0'],
  [['--transport-reg', '-1'], 2, 'method s-clip: transportReg: expected > 0, got -1'],
  [['--caption-weight', '-1'], 2, 'method s-clip: captionWeight: expected >= 0, got -1'],
  [['--keyword-weight', '-1'], 2, 'method s-clip: keywordWeight: expected >= 0, got -1'],
  [['--keyword-target', 'hard'], 2, 'method s-clip: keywordTarget: expected ratio or softmax, got "hard"'],
  [['--unpaired-negatives', 'no'], 2, 'method s-clip: unpairedNegatives: expected on or off, got "no"'],
];

/** A complete command, but for what the options name themselves. */
function base(options: readonly string[]): string[] {
  const parts = {'--domain': 'toy', '--model': at('clip'), '--out': out};
  return ['adapt', ...Object.entries(parts).flatMap((part) => (options.includes(part[0]) ? [] : part))];
}

/** Options that take no value, or none that could be wrong without another one. */
const switches = ['capture', 'dry-run', 'explain', 'resume', 'smoke', 'model'];

describe('a mistake in adapt', () => {
  it('is planted here for every option that takes a value', () => {
    const planted = new Set(faults.flatMap(([options]) => options.filter((one) => one.startsWith('--'))));
    const missing = Object.keys({...Adapt.baseFlags, ...Adapt.flags}).filter(
      (name) => !planted.has(`--${name}`) && !switches.includes(name),
    );
    expect(missing).toEqual([]);
  });

  it.each(faults)(
    '%j exits with %i and one sentence, and leaves nothing behind',
    async (options, exit, says) => {
      const outcome = await runFewclip([...base(options), ...options]);
      // from the sources oclif adds a warning of its own when parsing fails
      const said = outcome.stderr.replace(/\(node:\d+\) \[UnparsedCommand\][^]*/, '');
      const [message, ...rest] = said.trimEnd().split('\n');
      expect(outcome.stdout).toBe('');
      expect(message).toMatch(/^Error: /);
      if (says instanceof RegExp) expect(message).toMatch(says);
      else expect(message).toContain(says);
      expect(rest.filter((line) => !line.startsWith('Try this: '))).toEqual([]);
      expect(outcome.exit).toBe(exit);
      expect(existsSync(out)).toBe(false);
    },
  );

  it.each([
    [[], 'adapt: model: expected string, got nothing'],
    [['--model', at('none')], 'model: expected a folder, bundled, hf:owner/name or a known name'],
    [['--model', at('empty')], at('empty')],
  ])('about the model (%j) is told too', async (options, says) => {
    const outcome = await runFewclip(['adapt', '--domain', 'toy', '--out', out, ...options]);
    expect(outcome.stderr).toContain(says);
    expect([2, 3]).toContain(outcome.exit);
    expect(existsSync(out)).toBe(false);
  });

  it('in json is one object on stdout, with the exit code in it', async () => {
    const options = ['--format', 'json', '--batch', '1'];
    const {stdout, exit} = await runFewclip([...base(options), ...options]);
    expect(JSON.parse(stdout)).toMatchObject({
      type: 'error',
      exit: 2,
      message: 'adapt: batch: expected >= 2, got 1',
    });
    expect(exit).toBe(2);
  });
});
