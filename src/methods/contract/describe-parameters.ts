import {z} from 'zod';
import type {Method} from './method.js';

/** One parameter of a method, as plain data. */
export interface ParameterDescription {
  /** As in a recipe: `transportIters`. */
  readonly name: string;
  /** As on the command line, without dashes in front: `transport-iters`. */
  readonly flag: string;
  readonly description: string;
  /** Every value that is taken, in words: `ot, soft or hard`, `a whole number from 1 to 1000`. */
  readonly accepts: string;
  readonly default: unknown;
}

/** The parts of a JSON Schema that parameters use. */
interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
}

/** The parameters of a method in the order of its schema, which is where everything said here comes from. */
export function describeParameters({params}: Method): ParameterDescription[] {
  const {properties = {}} = z.toJSONSchema(params, {io: 'input'});
  return Object.entries(properties as Record<string, JsonSchema>).map(([name, schema]) => ({
    name,
    flag: name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
    description: schema.description ?? '',
    accepts: accepted(schema),
    default: schema.default,
  }));
}

function accepted(schema: JsonSchema): string {
  if (schema.anyOf) return schema.anyOf.map(accepted).join(' or ');
  if ('const' in schema) return String(schema.const);
  if (schema.enum) return inWords(schema.enum.map(String));
  if (schema.type === 'boolean') return 'true or false';
  if (schema.type === 'integer') return `a whole number${bounds(schema)}`;
  return `a ${schema.type ?? 'value'}${bounds(schema)}`;
}

function bounds({minimum, maximum, exclusiveMinimum, exclusiveMaximum}: JsonSchema): string {
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`;
  const limits = [
    ...(minimum === undefined ? [] : [`>= ${minimum}`]),
    ...(exclusiveMinimum === undefined ? [] : [`> ${exclusiveMinimum}`]),
    ...(maximum === undefined ? [] : [`<= ${maximum}`]),
    ...(exclusiveMaximum === undefined ? [] : [`< ${exclusiveMaximum}`]),
  ];
  return limits.length === 0 ? '' : ` ${limits.join(' and ')}`;
}

function inWords(values: readonly string[]): string {
  return [values.slice(0, -1).join(', '), ...values.slice(-1)].filter((part) => part !== '').join(' or ');
}
