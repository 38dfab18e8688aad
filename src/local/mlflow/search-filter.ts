import { invalidParameter } from '../server/api-error.ts';

/** What a filter may ask about one run or model. */
export interface Searchable {
  readonly metrics: ReadonlyMap<string, number>;
  readonly params: ReadonlyMap<string, string>;
  readonly tags: ReadonlyMap<string, string>;
  readonly attributes: Readonly<Record<string, string | number | null>>;
}

type Test = (entry: Searchable) => boolean;

const TERM =
  /^\s*(?:(metrics?|params?|parameters?|tags?|attributes?|attr)\.)?(`[^`]+`|"[^"]+"|[\w.\-/]+)\s*(=|!=|>=|<=|>|<|\bI?LIKE\b)\s*('(?:[^']*)'|"(?:[^"]*)"|[-+\d.eE]+)\s*$/i;

/** `metrics.x > 1 AND tags.y = 'z'`: conditions joined by AND. @throws {ApiError} for anything else */
export function searchFilter(filter: string | undefined): Test {
  if (filter === undefined || filter.trim() === '') return () => true;
  const tests = filter.split(/\s+AND\s+(?=(?:[^']*'[^']*')*[^']*$)/i).map(condition);
  return (entry) => tests.every((test) => test(entry));
}

function condition(text: string): Test {
  const [, entity = 'attributes', name = '', operator = '', literal = ''] = TERM.exec(text) ?? [];
  if (operator === '')
    throw invalidParameter(
      `Invalid clause in filter string: '${text.trim()}'. Conditions are joined by AND.`,
    );
  const key = name.replaceAll(/^[`"]|[`"]$/g, '');
  const wanted = /^['"]/.test(literal) ? literal.slice(1, -1) : Number(literal);
  return (entry) => compare(valueOf(entry, entity.toLowerCase(), key), operator.toUpperCase(), wanted);
}

function valueOf(entry: Searchable, entity: string, key: string): string | number | null {
  if (entity.startsWith('metric')) return entry.metrics.get(key) ?? null;
  if (entity.startsWith('param')) return entry.params.get(key) ?? null;
  if (entity.startsWith('tag')) return entry.tags.get(key) ?? null;
  if (!Object.hasOwn(entry.attributes, key))
    throw invalidParameter(`Invalid attribute key '${key}' in a filter.`);
  return entry.attributes[key] ?? null;
}

function compare(value: string | number | null, operator: string, wanted: string | number): boolean {
  if (value === null) return false;
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
