import { engineLimit } from './sql-error.ts';
import {
  call,
  column,
  identifier,
  listOf,
  literalText,
  mapTree,
  nameOf,
  numberLiteral,
  partsOf,
  stringLiteral,
} from './tree.ts';
import type { Node } from './tree.ts';
import { duckdbType, readType } from './types.ts';
import type { SqlType } from './types.ts';

interface Lambda {
  readonly parameters: readonly string[];
  readonly body: unknown;
}

/** The one parameter that a lambda over pairs has in DuckDB. */
const PAIR = 'dbx_pair';

function lambdaOf(value: unknown, count: number, name: string): Lambda {
  const lambda = partsOf(value, 'lambda');
  const parameters = listOf(lambda?.['parameters']).map((parameter) => nameOf(parameter));
  if (lambda === null || parameters.length !== count)
    throw engineLimit(`The function ${name} without a lambda of ${count} parameters`);
  return { parameters, body: lambda['body'] };
}

/** The body with each parameter said in another way. */
const bodyWith = ({ parameters, body }: Lambda, values: readonly Node[]): unknown =>
  mapTree(body, (node) => {
    const parts = partsOf(node, 'column');
    if (parts === null || parts['table'] !== null) return node;
    const name = nameOf(parts['name']).toLowerCase();
    return values[parameters.findIndex((parameter) => parameter.toLowerCase() === name)] ?? node;
  });

const overPairs = (body: unknown): Node => ({
  lambda: { parameters: [identifier(PAIR)], body, colon: false, parameter_types: [] },
});
const part = (which: Node): Node => call('struct_extract', [column(PAIR), which]);
const KEY = (): Node => part(stringLiteral('key'));
const VALUE = (): Node => part(stringLiteral('value'));

const entry = (key: unknown, value: unknown): Node =>
  call(
    'struct_pack',
    [key, value].map((member, at) => ({
      named_argument: { name: identifier(at === 0 ? 'key' : 'value'), value: member, separator: 'ColonEq' },
    })),
  );

type Rule = (call: { readonly args: readonly unknown[] }) => Node;

const reduced: Rule = ({ args }) => {
  const total = call('list_reduce', [args[0], args[2], args[1]]);
  return args[3] === undefined ? total : (bodyWith(lambdaOf(args[3], 1, 'aggregate'), [total]) as Node);
};

const mapOf = (entries: Node): Node => call('map_from_entries', [entries]);

/** Functions whose lambda takes two parameters, or that finish with one: DuckDB has them over lists of pairs. */
export const LAMBDA_RULES: Readonly<Record<string, Rule>> = {
  aggregate: reduced,
  reduce: reduced,
  zip_with: ({ args }) => {
    const lambda = lambdaOf(args[2], 2, 'zip_with');
    const body = bodyWith(lambda, [part(numberLiteral(1)), part(numberLiteral(2))]);
    return call('list_transform', [call('list_zip', args.slice(0, 2)), overPairs(body)]);
  },
  map_filter: ({ args }) => {
    const body = bodyWith(lambdaOf(args[1], 2, 'map_filter'), [KEY(), VALUE()]);
    return mapOf(call('list_filter', [call('map_entries', args.slice(0, 1)), overPairs(body)]));
  },
  transform_keys: ({ args }) => {
    const body = bodyWith(lambdaOf(args[1], 2, 'transform_keys'), [KEY(), VALUE()]);
    const changed = overPairs(entry(body, VALUE()));
    return mapOf(call('list_transform', [call('map_entries', args.slice(0, 1)), changed]));
  },
  transform_values: ({ args }) => {
    const body = bodyWith(lambdaOf(args[1], 2, 'transform_values'), [KEY(), VALUE()]);
    const changed = overPairs(entry(KEY(), body));
    return mapOf(call('list_transform', [call('map_entries', args.slice(0, 1)), changed]));
  },
  // A text that is no JSON gives a value whose fields are all NULL, as the PERMISSIVE mode does.
  from_json: ({ args }) => {
    const schema = literalText(args[1]);
    if (schema === null || args.length > 2)
      throw engineLimit('The function from_json with options or with a schema that is no text');
    const isType = /^\s*(?:struct|array|map)\s*</i.test(schema);
    const shape = JSON.stringify(jsonShape(readType(isType ? schema : `STRUCT<${schema}>`)));
    return call('json_transform', [call('dbx_json_or_empty', args.slice(0, 1)), stringLiteral(shape)]);
  },
};

/** The structure that `json_transform` reads: field names over type names. */
function jsonShape(type: SqlType): unknown {
  if (type.kind === 'array') return [jsonShape(type.element)];
  if (type.kind === 'struct')
    return Object.fromEntries(type.fields.map((field) => [field.name, jsonShape(field.type)]));
  return duckdbType(type);
}
