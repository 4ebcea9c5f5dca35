/** Turns work that reports by calling back into a generator of its reports; returns or throws what the work does. */
export async function* emitted<E, T>(work: (emit: (event: E) => void) => Promise<T>): AsyncGenerator<E, T> {
  const waiting: E[] = [];
  let isDone = false;
  let wake = () => {};
  const result = work((event) => {
    waiting.push(event);
    wake();
  });
  const end = () => {
    isDone = true;
    wake();
  };
  result.then(end, end);
  for (;;) {
    while (waiting.length > 0) yield waiting.shift()!;
    if (isDone) return await result;
    await new Promise<void>((resolve) => (wake = resolve));
  }
}
