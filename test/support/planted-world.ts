import {permutation, uniform} from '../../src/engine/random.js';
import {randomMatrix} from './random-features.js';

/** Pixels on a side of an image. */
export const size = 8;
/** How many words there are, numbered from 1; the start and the end of a text follow. */
export const words = 16;

/** Classes of images, each with a name of two words as its caption. */
export interface World {
  readonly classes: number;
  readonly seed: number;
  /** What images add to the code of their class, in multiples of it. */
  readonly spread: number;
  /** Another seed for the words of the captions: the same images, called otherwise. */
  readonly words?: number;
  /** Pixels on a side of the squares that have one colour in the code of a class; left out: 1. */
  readonly square?: number;
  /** Whether the names are one word, and captions have one that all share before it. */
  readonly context?: boolean;
}

/** An image, its class, and the class that its caption names. */
export interface Pair {
  readonly image: Float32Array;
  readonly own: number;
  readonly label: number;
}

/** As many images of every class, class by class in turn; the share `wrong` has the caption of another class. */
export function pairsOf(world: World, perClass: number, {wrong = 0, draw = 0} = {}): Pair[] {
  const codes = codesOf(world);
  const count = perClass * world.classes;
  const noise = randomMatrix(count, size * size * 3, world.seed + 1 + draw);
  return noise.map((row, i) => {
    const own = i % world.classes;
    const turned = uniform(world.seed, 77, draw, i) < wrong;
    const away = 1 + Math.floor(uniform(world.seed, 78, draw, i) * (world.classes - 1));
    return {
      image: Float32Array.from(row, (value, j) => codes[own]![j]! + world.spread * value),
      own,
      label: turned ? (own + away) % world.classes : own,
    };
  });
}

/** The codes of all classes, [size, size, 3] each. */
function codesOf({classes, seed, square = 1}: World): number[][] {
  const across = size / square;
  return randomMatrix(classes, across ** 2 * 3, seed).map((colours) =>
    Array.from({length: size ** 2 * 3}, (_, at) => {
      const pixel = Math.floor(at / 3);
      const [row, column] = [Math.floor(pixel / size), pixel % size];
      const own = Math.floor(row / square) * across + Math.floor(column / square);
      return colours[3 * own + (at % 3)]!;
    }),
  );
}

/** The words of a class's name, others in another world. */
function nameOf({seed, words: named = seed, context = false}: World, label: number): number[] {
  const word = (k: number) => 1 + Math.floor(uniform(named, 79, label, k) * words);
  return context ? [1 + permutation(words - 1, named, 86)[label]!] : [word(0), word(1)];
}

/** Names of classes, as they are or as captions have them; left out: of all classes. */
export function tokensOf(world: World, as: 'names' | 'captions', labels = classesOf(world)) {
  const before = world.context && as === 'captions' ? [words] : [];
  const rows = labels.map((label) => [words + 1, ...before, ...nameOf(world, label), words + 2]);
  const length = rows[0]!.length;
  return {
    ids: {shape: [rows.length, length], data: Int32Array.from(rows.flat())},
    end: {shape: [rows.length], data: new Int32Array(rows.length).fill(length - 1)},
  };
}

function classesOf({classes}: World): number[] {
  return Array.from({length: classes}, (_, label) => label);
}
