import {expect, it} from 'vitest';
import {once} from '../../../../src/methods/contract/once.js';

it('makes nothing before it is asked, and the same thing ever after', () => {
  let made = 0;
  const value = once(() => ({number: ++made}));
  expect(made).toBe(0);
  expect(value()).toBe(value());
  expect(made).toBe(1);
});

it('keeps undefined too', () => {
  let made = 0;
  const value = once(() => void made++);
  value();
  value();
  expect(made).toBe(1);
});
