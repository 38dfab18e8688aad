import type { ObjectIndex } from './object-index.ts';

const CAST = /^cast\((.+) as (?:date|timestamp)\)$|^(?:to_)?date\((.+)\)$/i;
const DATE_TRUNC = /^date_trunc\('(\w+)', ?(.+)\)$/i;
const TRUNC = /^trunc\((.+), ?'(\w+)'\)$/i;
const UNITS: Readonly<Record<string, string>> = {
  mm: 'month',
  mon: 'month',
  yy: 'year',
  yyyy: 'year',
  q: 'quarter',
};

/** A date cut to a unit, or left as it is (`unit` is `null`). */
interface Cut {
  readonly unit: string | null;
  readonly of: string;
}

/**
 * One spelling for a date cut to a period: by a function in the statement, or by a dimension of a metric view.
 *
 * `date_trunc('MONTH', view.day)` and the dimension `view.month` whose expression cuts the column of `day` agree, and
 * a cut of what is cut to the same unit already changes nothing. Any other text is returned as it is.
 *
 * @param text - normal text with full names of columns
 */
export function periodCut(text: string, index: ObjectIndex): string {
  const outer = readCut(text);
  const inner = dimensionCut(outer.of, index);
  if (inner === null) return outer.unit === null ? text : spelled(outer);
  if (outer.unit === null) return inner.unit === null ? text : spelled(inner);
  if (inner.unit === null || inner.unit === outer.unit) return spelled({ unit: outer.unit, of: inner.of });
  return text;
}

const spelled = ({ unit, of }: Cut): string => `date_trunc('${unit ?? ''}', ${of})`;

/** Types of the result do not matter: a month is a month as date and as timestamp. */
function readCut(text: string): Cut {
  const cast = CAST.exec(text);
  const bare = cast?.[1] ?? cast?.[2];
  if (bare !== undefined) return readCut(bare.trim());
  const [, unit, of] = DATE_TRUNC.exec(text) ?? [];
  const [, column, format] = TRUNC.exec(text) ?? [];
  const [name, cut] = [unit ?? format, of ?? column];
  if (name === undefined || cut === undefined) return { unit: null, of: text };
  return {
    unit: UNITS[name.toLowerCase()] ?? name.toLowerCase(),
    of: readCut(cut.trim()).unit === null ? stripped(cut) : cut,
  };
}

const stripped = (text: string): string => {
  const cast = CAST.exec(text.trim());
  return (cast?.[1] ?? cast?.[2] ?? text).trim();
};

/** How a dimension of a metric view cuts the column it reads; `null` for any other name. */
function dimensionCut(name: string, index: ObjectIndex): Cut | null {
  const split = name.lastIndexOf('.');
  const owner = split === -1 ? null : index.find(name.slice(0, split));
  const view = owner === null ? null : index.viewOf(owner);
  if (owner === null || view === null) return null;
  const column = name.slice(split + 1);
  const dimension = view.dimensions.find((item) => String(item['name']).toLowerCase() === column);
  if (dimension === undefined) return null;
  const { unit, of } = readCut(String(dimension['expr']).replaceAll('`', '').trim().toLowerCase());
  const read = stripped(of).replace(/^source\./, '');
  return /^[\w.]+$/.test(read) ? { unit, of: `${owner.key}:${read}` } : null;
}
