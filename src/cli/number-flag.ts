import {Flags} from '@oclif/core';
import {UserError} from '../support/errors.js';

/** A flag that takes any number between two bounds, the bounds included. */
export const numberFlag = Flags.custom<number, {readonly atLeast: number; readonly atMost: number}>({
  parse(input, _context, {name, atLeast, atMost}) {
    const value = Number(input);
    if (input.trim() === '' || !(value >= atLeast && value <= atMost)) {
      throw new UserError(`--${name}: expected a number from ${atLeast} to ${atMost}, got ${input}`);
    }
    return Promise.resolve(value);
  },
});
