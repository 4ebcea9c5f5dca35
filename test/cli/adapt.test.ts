import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {beforeAll, describe, expect, it} from 'vitest';
import type {RunEvent} from '../../src/app/events.js';
import {unpairedNotice, type UnpairedUse} from '../../src/app/training/decide-unpaired.js';
import type {Selection} from '../../src/app/training/select-weights.js';
import {mixtureShares} from '../../src/eval/selection/choose-mixture.js';
import {loadClip} from '../../src/model/checkpoint.js';
import {openSafetensors} from '../../src/model/safetensors.js';
import {planSchema} from '../../src/recipe/plan.js';
import {runFewclip} from '../support/run-fewclip.js';
import {temporaryFolder} from '../support/temporary-folder.js';
import {resultOf, runUntil, selectingToyRun, toyRun} from '../support/toy-run.js';
import {writeUntrainedClip} from '../support/untrained-clip.js';

const root = temporaryFolder();
let model: string;
let straight: string;

beforeAll(async () => {
  model = await writeUntrainedClip(join(root, 'clip'));
  straight = join(root, 'straight');
  const {exit, stderr} = await runFewclip(toyRun(model, straight));
  expect(stderr).toBe('');
  expect(exit).toBe(0);
});

const isStep = (step: number) => (event: RunEvent) => event.type === 'step' && event.step === step;

/** Between the weights of a run and those of the straight one. */
async function largestDifference(out: string): Promise<number> {
  const [got, expected] = await Promise.all([out, straight].map((run) => loadClip(join(run, 'model'))));
  const differences = Object.entries(expected!.weights).flatMap(([name, {data}]) =>
    Array.from(data, (value, i) => Math.abs(got!.weights[name]!.data[i]! - value)),
  );
  return differences.reduce((largest, value) => Math.max(largest, value), 0);
}

/** The trainer outlives its killed parent for a moment, to write a checkpoint. */
async function untilFree(out: string): Promise<void> {
  for (let i = 0; i < 300 && existsSync(join(out, 'lock.json')); i++) await sleep(100);
  expect(existsSync(join(out, 'lock.json'))).toBe(false);
}

describe('fewclip adapt', () => {
  it('keeps plan, environment, events, metrics, checkpoints, model and result, and nothing else', () => {
    expect(readdirSync(straight).sort()).toEqual([
      'checkpoints',
      'environment.json',
      'events.ndjson',
      'metrics.csv',
      'model',
      'partners.json',
      'plan.json',
      'result.json',
    ]);
    expect(() =>
      planSchema.parse(JSON.parse(readFileSync(join(straight, 'plan.json'), 'utf8'))),
    ).not.toThrow();
    expect(readdirSync(join(straight, 'checkpoints')).sort()).toEqual([
      'step-000004.json',
      'step-000004.safetensors',
      'step-000006.json',
      'step-000006.safetensors',
    ]);
    const metrics = readFileSync(join(straight, 'metrics.csv'), 'utf8').trimEnd().split('\n');
    expect(metrics[0]).toMatch(
      /^step,epoch,loss,term\.contrastive,term\.caption,term\.keyword,gradient_norm,/,
    );
    expect(metrics.slice(1).map((row) => Number(row.split(',')[0]))).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('leaves the mixture of the weights before and after that it says it chose', async () => {
    const out = join(root, 'selected');
    expect((await runFewclip(selectingToyRun(model, out))).stderr).toBe('');
    const read = (file: string): unknown => JSON.parse(readFileSync(join(out, file), 'utf8'));
    const {share, heldOut, scores} = read('selection.json') as Selection;
    expect(heldOut).toBe(77);
    expect(scores.map((one) => one.share)).toEqual([...mixtureShares]);
    expect(read('result.json')).toMatchObject({selection: {share, heldOut}, counts: {captioned: 307}});
    const [start, left] = await Promise.all([loadClip(model), loadClip(join(out, 'model'))]);
    const last = await openSafetensors(join(out, 'checkpoints', 'step-000006.safetensors'));
    try {
      for (const [name, {data}] of Object.entries(start.weights)) {
        const trained = (await last.read(`weights/${name}`)).data;
        const mixed = Float32Array.from(data, (value, i) => (1 - share) * value + share * trained[i]!);
        expect(left.weights[name]!.data).toEqual(mixed);
      }
    } finally {
      await last.close();
    }
  });

  it('writes the events to its file as it prints them', async () => {
    const out = join(root, 'events');
    const {stdout} = await runFewclip(toyRun(model, out, '--evaluate', 'domain:toy'));
    expect(stdout).toBe(readFileSync(join(out, 'events.ndjson'), 'utf8'));
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as RunEvent);
    expect(events[0]).toMatchObject({type: 'start', version: 1, steps: 6, method: 's-clip'});
    expect(
      events.filter(({type}) => type === 'evaluation').map((event) => (event as {step: number}).step),
    ).toEqual([0, 6]);
    expect(events.at(-1)).toMatchObject({type: 'done', model: join(out, 'model')});
  });

  it('gives the same bits for the same plan, whatever is kept of its images', async () => {
    const out = join(root, 'again');
    await runFewclip(toyRun(model, out, '--image-cache', '0'));
    expect(resultOf(out).weightsSha256).toBe(resultOf(straight).weightsSha256);
  });

  it('ends with the bits of an uninterrupted run after kill -9 and --resume', async () => {
    const out = join(root, 'killed');
    const {signal} = await runUntil(toyRun(model, out), isStep(3), (child) => child.kill('SIGKILL'));
    expect(signal).toBe('SIGKILL');
    await untilFree(out);
    const {exit} = await runFewclip(toyRun(model, out, '--resume'));
    expect(exit).toBe(0);
    const bytes = (run: string) => readFileSync(join(run, 'model', 'model.safetensors'));
    expect(bytes(out).equals(bytes(straight))).toBe(true);
    expect(readFileSync(join(out, 'metrics.csv'), 'utf8').trimEnd().split('\n')).toHaveLength(7);
  });

  it('lets the captioned images decide whether uncaptioned ones are matched', () => {
    const use = JSON.parse(readFileSync(join(straight, 'partners.json'), 'utf8')) as UnpairedUse;
    // an untrained model tells colours apart, which the captions name beside shapes that it does not
    expect(use).toMatchObject({order: 'shuffled', partners: null});
    const events = readFileSync(join(straight, 'events.ndjson'), 'utf8');
    expect(events).toContain('{"type":"phase","phase":"match"}');
    expect(events).toContain(unpairedNotice(use));
    expect(resultOf(straight).unpairedOrder).toBe('shuffled');
  });

  it('matches uncaptioned images to captioned ones, and goes on with the same ones after kill -9', async () => {
    const [whole, out] = [join(root, 'matched'), join(root, 'matched-killed')];
    const matched = (to: string, ...more: string[]) =>
      toyRun(model, to, '--unpaired-order', 'matched', ...more);
    const {stdout} = await runFewclip(matched(whole));
    expect(stdout).toContain('{"type":"phase","phase":"match"}');
    expect(resultOf(whole).weightsSha256).not.toBe(resultOf(straight).weightsSha256);
    await runUntil(matched(out), isStep(3), (child) => child.kill('SIGKILL'));
    await untilFree(out);
    const partners = (run: string) => readFileSync(join(run, 'partners.json'), 'utf8');
    expect(partners(out)).toBe(partners(whole));
    expect((await runFewclip(matched(out, '--resume'))).exit).toBe(0);
    expect(resultOf(out).weightsSha256).toBe(resultOf(whole).weightsSha256);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    'on %s writes a checkpoint, exits %i, and --resume ends with the same bits',
    async (name, exit) => {
      const out = join(root, name);
      const stopped = await runUntil(toyRun(model, out), isStep(3), (child) => child.kill(name));
      expect(stopped.code).toBe(exit);
      const last = readFileSync(join(out, 'events.ndjson'), 'utf8').trimEnd().split('\n').at(-1)!;
      expect(JSON.parse(last)).toMatchObject({type: 'stopped', signal: name});
      expect((await runFewclip(toyRun(model, out, '--resume'))).exit).toBe(0);
      expect(resultOf(out).weightsSha256).toBe(resultOf(straight).weightsSha256);
    },
  );

  it('goes on to its end when nobody reads its output any more', async () => {
    const out = join(root, 'unread');
    const {code} = await runUntil(toyRun(model, out), isStep(1), (child) => child.stdout!.destroy());
    expect(code).toBe(0);
    expect(resultOf(out).weightsSha256).toBe(resultOf(straight).weightsSha256);
  });

  it('refuses a folder that holds a run, with exit code 8, and says how to go on', async () => {
    const {exit, stderr} = await runFewclip(toyRun(model, straight));
    expect(exit).toBe(8);
    expect(stderr).toBe(
      `Error: ${straight}: expected a new run folder, got a finished run\n` +
        'Try this: choose another folder with --out, or remove this one\n',
    );
  });

  it('refuses to resume with other options, naming what differs', async () => {
    const {exit, stderr} = await runFewclip(toyRun(model, straight, '--resume', '--seed', '1'));
    expect(exit).toBe(8);
    expect(stderr).toContain('expected the plan of the run that is resumed, got another (different: seed)');
  });

  it('without uncaptioned images trains as clip does, to the bit', async () => {
    const [alone, clip] = [join(root, 'alone'), join(root, 'clip-run')];
    const captioned = ['--captioned', 'domain:toy#train'];
    expect((await runFewclip(toyRun(model, alone, ...captioned))).exit).toBe(0);
    expect((await runFewclip(toyRun(model, clip, ...captioned, '--method', 'clip'))).exit).toBe(0);
    expect(resultOf(alone).weightsSha256).toBe(resultOf(clip).weightsSha256);
  });

  it('says that its trainer was killed, exits 75, and goes on with --resume', async () => {
    const out = join(root, 'trainer-killed');
    const killTrainer = () => {
      const {pid} = JSON.parse(readFileSync(join(out, 'lock.json'), 'utf8')) as {pid: number};
      process.kill(pid, 'SIGKILL');
    };
    const {code, stderr} = await runUntil(toyRun(model, out), isStep(3), killTrainer);
    expect(stderr).toBe(
      'Error: trainer: expected it to finish, got SIGKILL from outside\n' +
        'Try this: the same command with --resume, which goes on from the last checkpoint\n',
    );
    expect(code).toBe(75);
    expect((await runFewclip(toyRun(model, out, '--resume'))).exit).toBe(0);
    expect(resultOf(out).weightsSha256).toBe(resultOf(straight).weightsSha256);
  });

  it('goes on with the micro-batch that was chosen when memory ran out, and says so', async () => {
    const out = join(root, 'backed-off');
    await runUntil(toyRun(model, out), isStep(3), (child) => child.kill('SIGINT'));
    writeFileSync(join(out, 'back-off.json'), '{"microBatch": 3, "count": 1}');
    const {exit, stdout} = await runFewclip(toyRun(model, out, '--resume'));
    expect(exit).toBe(0);
    expect(stdout).toContain(
      '"memory ran out once: the towers now take 3 images or texts at a time; batch and objective stay"',
    );
    expect(resultOf(out)).toMatchObject({microBatch: 3, steps: 6});
    expect(await largestDifference(out)).toBeLessThan(1e-4);
  });

  it.each([
    ['--no-capture', 1e-4],
    ['--micro-batch=3', 1e-4],
  ])('with %s ends at nearly the same weights, and not at the same bits', async (flag, tolerance) => {
    const out = join(root, flag);
    expect((await runFewclip(toyRun(model, out, flag))).exit).toBe(0);
    const difference = await largestDifference(out);
    expect(difference).toBeGreaterThan(0);
    expect(difference).toBeLessThan(tolerance);
  });

  it('with --precision bf16 ends at nearly the same weights, and not at the same bits', async () => {
    const out = join(root, 'bf16');
    const args = toyRun(model, out).map((word) => (word === 'fp32' ? 'bf16' : word));
    expect((await runFewclip(args)).exit).toBe(0);
    const difference = await largestDifference(out);
    expect(difference).toBeGreaterThan(0);
    expect(difference).toBeLessThan(1e-3);
  });

  it('trains on WebAssembly too, to nearly the same weights', async () => {
    const out = join(root, 'wasm');
    const {exit} = await runFewclip(toyRun(model, out, '--engine', 'wasm'));
    expect(exit).toBe(0);
    const last = (run: string) =>
      Number(readFileSync(join(run, 'metrics.csv'), 'utf8').trimEnd().split('\n').at(-1)!.split(',')[2]);
    expect(last(out)).toBeCloseTo(last(straight), 2);
  });

  it('with --dry-run shows the plan and writes nothing', async () => {
    const out = join(root, 'dry');
    const {exit, stdout} = await runFewclip(toyRun(model, out, '--dry-run'));
    expect(exit).toBe(0);
    const {plan, path} = JSON.parse(stdout) as {plan: unknown; path: string};
    expect(planSchema.parse(plan)).toMatchObject({seed: 0, counts: {captioned: 384, unpaired: 256}});
    expect(path).toBe(out);
    expect(existsSync(out)).toBe(false);
  });

  it('with --smoke walks the whole way in two steps', async () => {
    const out = join(root, 'smoke');
    const {exit} = await runFewclip(toyRun(model, out, '--smoke', '--evaluate', 'domain:toy'));
    expect(exit).toBe(0);
    expect(resultOf(out).steps).toBe(2);
  });
});
