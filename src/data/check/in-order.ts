/**
 * Works on a few items at a time and gives the results in the order of the items: never more than `atATime` are begun
 * and not yet given, so that memory does not grow with the list.
 */
export async function* inOrder<T, R>(
  items: {readonly length: number; readonly [index: number]: T},
  atATime: number,
  work: (item: T, index: number) => Promise<R>,
): AsyncGenerator<R> {
  const begun: Promise<R>[] = [];
  let next = 0;
  const begin = () => {
    const result = work(items[next]!, next++);
    // what fails is met where it is given
    result.catch(() => undefined);
    begun.push(result);
  };
  while (next < items.length && begun.length < atATime) begin();
  while (begun.length > 0) {
    const result = await begun.shift()!;
    if (next < items.length) begin();
    yield result;
  }
}
