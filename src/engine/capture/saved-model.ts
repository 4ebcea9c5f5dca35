import protobuf from 'protobufjs';

/** TensorFlow's element types, by their numbers in its protocol. */
export const dataTypes = {float32: 1, int32: 3, bool: 10, bfloat16: 14} as const;

/** The attributes of a node, each as exactly one of TensorFlow's kinds. */
export type Attribute =
  | {readonly type: number}
  | {readonly shape: readonly number[]}
  | {readonly s: string}
  | {readonly i: number}
  | {readonly f: number}
  | {readonly b: boolean}
  | {readonly ints: readonly number[]}
  | {readonly types: readonly number[]}
  | {readonly tensor: ConstantTensor};

/** A constant: shape, element type and its bytes in row-major order. */
export interface ConstantTensor {
  readonly dtype: number;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** One operation of a graph. Inputs are `node`, `node:output`, or `^node` for control. */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** The GraphDef version that the producer claims: one that TensorFlow 2 has always read. */
const producerVersion = 1500;

/**
 * The bytes of a `saved_model.pb` that holds one graph under the tag `serve`, without signatures: nodes are fed and
 * fetched by name. Field numbers are those of TensorFlow's saved_model, meta_graph, graph, node_def, attr_value,
 * tensor and tensor_shape protocols.
 */
export function encodeSavedModel(nodes: readonly GraphNode[]): Uint8Array {
  const message = {
    schemaVersion: 1,
    metaGraphs: [
      {
        metaInfo: {tags: ['serve']},
        graph: {node: nodes.map(nodeMessage), versions: {producer: producerVersion}},
      },
    ],
  };
  const type = protocol().lookupType('SavedModel');
  return type.encode(type.fromObject(message)).finish();
}

function nodeMessage({name, op, inputs, attributes}: GraphNode): object {
  const attr = Object.fromEntries(
    Object.entries(attributes).map(([key, value]) => [key, attributeMessage(value)]),
  );
  return {name, op, input: inputs, attr};
}

function attributeMessage(attribute: Attribute): object {
  if ('shape' in attribute) return {shape: shapeMessage(attribute.shape)};
  if ('s' in attribute) return {s: Buffer.from(attribute.s)};
  if ('ints' in attribute) return {list: {i: attribute.ints}};
  if ('types' in attribute) return {list: {type: attribute.types}};
  if ('tensor' in attribute) {
    const {dtype, shape, bytes} = attribute.tensor;
    return {tensor: {dtype, shape: shapeMessage(shape), content: bytes}};
  }
  return attribute;
}

function shapeMessage(shape: readonly number[]): object {
  return {dim: shape.map((size) => ({size}))};
}

const field = (id: number, type: string, rule?: 'repeated') => ({id, type, ...(rule && {rule})});

function protocol(): protobuf.Root {
  const oneAttribute = ['list', 's', 'i', 'f', 'b', 'type', 'shape', 'tensor'];
  return protobuf.Root.fromJSON({
    nested: {
      SavedModel: {fields: {schemaVersion: field(1, 'int64'), metaGraphs: field(2, 'MetaGraph', 'repeated')}},
      MetaGraph: {fields: {metaInfo: field(1, 'MetaInfo'), graph: field(2, 'Graph')}},
      MetaInfo: {fields: {tags: field(4, 'string', 'repeated')}},
      Graph: {fields: {node: field(1, 'Node', 'repeated'), versions: field(4, 'Versions')}},
      Versions: {fields: {producer: field(1, 'int32')}},
      Node: {
        fields: {
          name: field(1, 'string'),
          op: field(2, 'string'),
          input: field(3, 'string', 'repeated'),
          attr: {id: 5, keyType: 'string', type: 'Attr'},
        },
      },
      Attr: {
        oneofs: {value: {oneof: oneAttribute}},
        fields: {
          list: field(1, 'List'),
          s: field(2, 'bytes'),
          i: field(3, 'int64'),
          f: field(4, 'float'),
          b: field(5, 'bool'),
          type: field(6, 'int32'),
          shape: field(7, 'Shape'),
          tensor: field(8, 'Tensor'),
        },
      },
      List: {fields: {i: field(3, 'int64', 'repeated'), type: field(6, 'int32', 'repeated')}},
      Shape: {fields: {dim: field(2, 'Dim', 'repeated')}},
      Dim: {fields: {size: field(1, 'int64')}},
      Tensor: {fields: {dtype: field(1, 'int32'), shape: field(2, 'Shape'), content: field(4, 'bytes')}},
    },
  } as protobuf.INamespace);
}
