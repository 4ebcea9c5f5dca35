import {setTimeout as pause} from 'node:timers/promises';

/** Long enough for the spinning threads of the contender before to fall asleep. */
const settleMs = 300;

/**
 * Gives every contender one turn a round, so that a machine that slows down slows all of them. Each round begins with
 * the next contender.
 * @returns the answers, by contender and round
 */
export async function interleaved<T>(
  contenders: number,
  rounds: number,
  turn: (contender: number, round: number) => Promise<T>,
): Promise<T[][]> {
  const answers: T[][] = Array.from({length: contenders}, () => []);
  for (let round = 0; round < rounds; round++) {
    for (let place = 0; place < contenders; place++) {
      const contender = (round + place) % contenders;
      await pause(settleMs);
      answers[contender]!.push(await turn(contender, round));
    }
  }
  return answers;
}
