import {createInterface} from 'node:readline';
import type {Ready} from './contender.js';

type Handler = (request: Readonly<Record<string, unknown>>) => unknown;

/** A contender's side: says that it is ready, then answers each request until stdin ends. */
export async function serve(ready: Ready, handlers: Readonly<Record<string, Handler>>): Promise<void> {
  const say = (answer: unknown) => process.stdout.write(`${JSON.stringify(answer)}\n`);
  say(ready);
  for await (const line of createInterface({input: process.stdin})) {
    const request = JSON.parse(line) as {readonly do: string};
    try {
      say(await handlers[request.do]!(request));
    } catch (error) {
      say({error: error instanceof Error ? (error.stack ?? error.message) : String(error)});
    }
  }
}
