import protobuf from 'protobufjs';
import {describe, expect, it} from 'vitest';
import {encodeSavedModel} from '../../../../src/engine/capture/saved-model.js';

/** Reads the wire format with no schema: field number -> raw values. */
function fields(bytes: Uint8Array): Map<number, (Uint8Array | number)[]> {
  const reader = protobuf.Reader.create(bytes);
  const found = new Map<number, (Uint8Array | number)[]>();
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    const value =
      (tag & 7) === 2 ? reader.bytes() : (tag & 7) === 5 ? reader.float() : Number(reader.int64());
    found.set(tag >>> 3, [...(found.get(tag >>> 3) ?? []), value]);
  }
  return found;
}
const sub = (message: Map<number, (Uint8Array | number)[]>, field: number) =>
  fields(message.get(field)![0] as Uint8Array);
const text = (value: Uint8Array | number) => Buffer.from(value as Uint8Array).toString();

describe('encodeSavedModel', () => {
  const bytes = encodeSavedModel([
    {
      name: 'c',
      op: 'Const',
      inputs: [],
      attributes: {
        dtype: {type: 1},
        value: {tensor: {dtype: 1, shape: [2, 0], bytes: new Uint8Array([1, 2, 3, 4])}},
        flag: {b: false},
      },
    },
    {
      name: 'd',
      op: 'Identity',
      inputs: ['c', '^e'],
      attributes: {ints: {ints: [1, 2]}, s: {s: 'SAME'}, f: {f: 0.5}},
    },
  ]);
  const model = fields(bytes);
  const meta = sub(model, 2);
  const nodes = sub(meta, 2)
    .get(1)!
    .map((node) => fields(node as Uint8Array));
  const attributes = (node: Map<number, (Uint8Array | number)[]>) =>
    new Map(
      node.get(5)!.map((entry) => {
        const pair = fields(entry as Uint8Array);
        return [text(pair.get(1)![0]!), sub(pair, 2)] as const;
      }),
    );

  it('has schema version 1 and the tag that the loader asks for', () => {
    expect(model.get(1)).toEqual([1]);
    expect(text(sub(meta, 1).get(4)![0]!)).toBe('serve');
  });

  it('keeps names, operations, inputs and their order', () => {
    expect(nodes.map((node) => [text(node.get(1)![0]!), text(node.get(2)![0]!)])).toEqual([
      ['c', 'Const'],
      ['d', 'Identity'],
    ]);
    expect(nodes[1]!.get(3)!.map(text)).toEqual(['c', '^e']);
  });

  it('writes each kind of attribute into its own field, false and empty sizes included', () => {
    const constant = attributes(nodes[0]!);
    expect(constant.get('dtype')!.get(6)).toEqual([1]);
    expect(constant.get('flag')!.get(5)).toEqual([0]);
    const tensor = sub(constant.get('value')!, 8);
    expect([...(tensor.get(4)![0] as Uint8Array)]).toEqual([1, 2, 3, 4]);
    const sizes = sub(tensor, 2)
      .get(2)!
      .map((dim) => fields(dim as Uint8Array).get(1)?.[0] ?? 0);
    expect(sizes).toEqual([2, 0]);
    const other = attributes(nodes[1]!);
    expect(text(other.get('s')!.get(2)![0]!)).toBe('SAME');
    expect(other.get('f')!.get(4)).toEqual([0.5]);
    expect(sub(other.get('ints')!, 1).has(3)).toBe(true);
  });
});
