import { invalidParameter } from '../server/api-error.ts';

type Value = string | number | null;
type Texts = ReadonlyMap<string, string>;

/** What a filter or an order may ask about one entry. */
export interface Searchable {
  readonly attributes: Readonly<Record<string, Value>>;
  readonly metrics?: ReadonlyMap<string, number>;
  readonly params?: Texts;
  readonly tags?: Texts;
  readonly metadata?: Texts;
  readonly feedback?: Texts;
  readonly expectation?: Texts;
}

type Entity = keyof Searchable;

/** What entries of one kind can be asked: their attributes, and what else they have. */
export interface SearchKind {
  readonly attributes: readonly string[];
  readonly entities: readonly Exclude<Entity, 'attributes'>[];
}

const ENTITY_NAMES: Readonly<Record<string, Entity>> = {
  attribute: 'attributes',
  attributes: 'attributes',
  attr: 'attributes',
  run: 'attributes',
  trace: 'attributes',
  metric: 'metrics',
  metrics: 'metrics',
  param: 'params',
  params: 'params',
  parameter: 'params',
  parameters: 'params',
  tag: 'tags',
  tags: 'tags',
  metadata: 'metadata',
  request_metadata: 'metadata',
  trace_metadata: 'metadata',
  feedback: 'feedback',
  expectation: 'expectation',
};

const FIELD = String.raw`(?:(\w+)\.)?(\`[^\`]+\`|"[^"]+"|[\w.\-/]+)`;
const LITERAL = String.raw`'[^']*'|"[^"]*"|[-+]?[\d.]+(?:[eE][-+]?\d+)?`;
const TERM = new RegExp(
  String.raw`^\s*${FIELD}\s*(=|!=|>=|<=|>|<|\bI?LIKE\b|\b(?:NOT\s+)?IN\b)\s*(${LITERAL}|\(\s*(?:${LITERAL})(?:\s*,\s*(?:${LITERAL}))*\s*\))\s*$`,
  'i',
);
const ORDER = new RegExp(String.raw`^\s*${FIELD}(?:\s+(ASC|DESC))?\s*$`, 'i');

/**
 * `metrics.x > 1 AND tags.y = 'z'`: conditions joined by AND.
 *
 * @throws {ApiError} for anything else, and for a field that the kind does not have
 */
export function searchFilter(filter: string | undefined, kind: SearchKind): (entry: Searchable) => boolean {
  if (filter === undefined || filter.trim() === '') return () => true;
  const tests = filter.split(/\s+AND\s+(?=(?:[^']*'[^']*')*[^']*$)/i).map((text) => condition(text, kind));
  return (entry) => tests.every((test) => test(entry));
}

/** `metrics.x DESC`; entries without a value come last. @throws {ApiError} */
export function searchOrder(
  orderBy: readonly string[],
  kind: SearchKind,
): (left: Searchable, right: Searchable) => number {
  const keys = orderBy.map((text) => {
    const match = ORDER.exec(text);
    if (match === null) throw invalidParameter(`Invalid order_by clause '${text}'.`);
    return { read: field(match[1], match[2] ?? '', kind), sign: /^desc$/i.test(match[3] ?? '') ? -1 : 1 };
  });
  return (left, right) => {
    for (const { read, sign } of keys) {
      const order = inOrder(read(left), read(right), sign);
      if (order !== 0) return order;
    }
    return 0;
  };
}

function inOrder(left: Value, right: Value, sign: number): number {
  if (left === right) return 0;
  if (left === null) return 1;
  if (right === null) return -1;
  return (left < right ? -1 : 1) * sign;
}

function field(entityName: string | undefined, name: string, kind: SearchKind): (entry: Searchable) => Value {
  const entity = entityName === undefined ? 'attributes' : ENTITY_NAMES[entityName.toLowerCase()];
  const key = name.replaceAll(/^[`"]|[`"]$/g, '');
  if (entity === 'attributes') {
    if (!kind.attributes.includes(key))
      throw invalidParameter(
        `Invalid attribute key '${key}' specified. Valid keys are '${kind.attributes.join("', '")}'.`,
      );
    return (entry) => entry.attributes[key] ?? null;
  }
  if (entity === undefined || !kind.entities.includes(entity))
    throw invalidParameter(
      `Invalid entity type '${entityName ?? ''}'. Valid values are 'attributes', '${kind.entities.join("', '")}'.`,
    );
  return (entry) => entry[entity]?.get(key) ?? null;
}

function condition(text: string, kind: SearchKind): (entry: Searchable) => boolean {
  const match = TERM.exec(text);
  if (match === null)
    throw invalidParameter(
      `Invalid clause in filter string: '${text.trim()}'. Conditions are joined by AND.`,
    );
  const [, entityName, name = '', operatorText = '', literal = ''] = match;
  const read = field(entityName, name, kind);
  const operator = operatorText.toUpperCase().replaceAll(/\s+/g, ' ');
  const wanted = [...literal.replace(/^\(/, '').matchAll(new RegExp(LITERAL, 'g'))].map(([item]) =>
    /^['"]/.test(item) ? item.slice(1, -1) : Number(item),
  );
  const isList = literal.startsWith('(');
  if (isList !== operator.endsWith('IN'))
    throw invalidParameter(`Invalid clause in filter string: '${text.trim()}'.`);
  const isMetric = ENTITY_NAMES[entityName?.toLowerCase() ?? ''] === 'metrics';
  if (isMetric && wanted.some((item) => typeof item === 'string'))
    throw invalidParameter(`Expected numeric value type for metric. Found ${literal}`);
  return (entry) => {
    const value = read(entry);
    if (value === null) return false;
    if (operator === 'IN') return wanted.some((item) => compare(value, '=', item));
    if (operator === 'NOT IN') return !wanted.some((item) => compare(value, '=', item));
    return compare(value, operator, wanted[0] ?? '');
  };
}

function compare(value: string | number, operator: string, wanted: string | number): boolean {
  if (operator === 'LIKE' || operator === 'ILIKE') {
    const pattern = String(wanted)
      .replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
      .replaceAll('%', '.*')
      .replaceAll('_', '.');
    return new RegExp(`^${pattern}$`, operator === 'ILIKE' ? 'is' : 's').test(String(value));
  }
  const [left, right] = typeof wanted === 'number' ? [Number(value), wanted] : [String(value), wanted];
  if (operator === '=') return left === right;
  if (operator === '!=') return left !== right;
  if (operator === '>') return left > right;
  if (operator === '<') return left < right;
  return operator === '>=' ? left >= right : left <= right;
}
