import {describe, expect, it} from 'vitest';
import {listMethods, loadMethod} from '../../src/methods/contract/load-method.js';
import {checkParts, partOf} from '../../src/methods/contract/parts.js';
import {UserError} from '../../src/support/errors.js';

/** Methods of which a run has one, and what is said when it has two. */
const exclusive: readonly (readonly [reason: RegExp, names: readonly string[]])[] = [
  [
    /decides what captioned images and their captions are trained towards/,
    ['softclip', 'label-smooth', 'siglip', 'clip-psd', 'declip', 'flyp', 'coop', 'fd-scratch'],
  ],
  [/decides which captions or words uncaptioned images get/, ['s-clip', 'soft-pl', 'hard-pl', 'semiclip']],
  [/decides which weights train/, ['lora', 'lit', 'coop', 'fd-scratch']],
  [/decides what sorts images into the classes/, ['coop', 'linear-probe', 'lp++', 'tip-adapter']],
];

/** They change nothing of a CLIP, so that what trains or averages its towers does nothing beside them. */
const still = ['coop', 'fd-scratch'];
const changing = [
  ...['clip', 'cyclip', 'distill', 'fd', 'filip', 'slip', 's-clip', 'soft-pl', 'hard-pl', 'semiclip', 'wise-ft'],
  ...['softclip', 'label-smooth', 'siglip', 'clip-psd', 'declip', 'flyp', 'coop', 'fd-scratch'],
];
/** As the method of a run they take no steps, so that what trains does nothing behind them. */
const solvers = ['linear-probe', 'lp++', 'tip-adapter', 'prolip'];
const training = [...changing.filter((name) => name !== 'wise-ft'), 'lora', 'lit'];

/** Why a run of two methods is refused; undefined: it is not. */
function reasonAgainst(first: string, second: string): RegExp | undefined {
  if (solvers.includes(first) && training.includes(second)) return /which takes no steps/;
  const claimed = exclusive.find(([, names]) => names.includes(first) && names.includes(second));
  if (claimed) return claimed[0];
  const isVain = [first, second].some(
    (name, i) => still.includes(name) && changing.includes([second, first][i]!),
  );
  return isVain ? /which leaves them as they are/ : undefined;
}

/** A method of your own needs no line here. */
const listed = new Set([
  ...exclusive.flatMap(([, group]) => group),
  ...still,
  ...changing,
  ...solvers,
  ...training,
]);
const names = (await listMethods()).filter((name) => listed.has(name));
const methods = new Map(
  await Promise.all(names.map(async (name) => [name, await loadMethod(name)] as const)),
);

it('the lists name methods that there are', () => {
  expect([...listed].filter((name) => !methods.has(name))).toEqual([]);
});

describe.each(names)('%s with another', (first) => {
  it('goes together with it, or is refused by both names and the reason', () => {
    for (const second of names.filter((name) => name !== first)) {
      const check = () => checkParts([first, second].map((name) => partOf(methods.get(name)!)));
      const reason = reasonAgainst(first, second);
      if (reason === undefined) {
        expect(check, `${first} with ${second}`).not.toThrow();
        continue;
      }
      let refusal: unknown;
      try {
        check();
      } catch (error) {
        refusal = error;
      }
      expect(refusal, `${first} with ${second}`).toBeInstanceOf(UserError);
      const {message, tryThis} = refusal as UserError;
      expect(message).toMatch(reason);
      expect(message.split(/[ ,]+/)).toEqual(expect.arrayContaining([first, second]));
      expect(tryThis).toMatch(/\S/);
    }
  });
});

it('the example of a full stack goes together: S-CLIP, FD, LoRA and WiSE-FT, and a probe behind them', () => {
  const parts = ['s-clip', 'fd', 'lora', 'wise-ft', 'linear-probe'].map((name) => partOf(methods.get(name)!));
  expect(() => checkParts(parts)).not.toThrow();
});
