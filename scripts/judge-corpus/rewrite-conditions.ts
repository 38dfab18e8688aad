import { columnsIn, subjectOf, type Condition, type Query } from './query.ts';
import { PLAIN, renderQuery } from './render-query.ts';
import { pick } from '../chance.ts';
import type { RewriteContext } from './rewrite.ts';

/** Writes the query with some conditions spelled otherwise; `null` when none of them can be. */
function respelled(query: Query, spell: (condition: Condition) => string | null): string | null {
  let count = 0;
  const text = renderQuery(query, {
    ...PLAIN,
    condition: (condition, plain) => {
      const other = spell(condition);
      if (other === null) return plain;
      count += 1;
      return other;
    },
  });
  return count === 0 ? null : text;
}

const DAY = /^(?:DATE )?'(\d{4})-(\d\d)-(\d\d)'$/;

function dayBefore(literal: string): string | null {
  const match = DAY.exec(literal);
  if (match === null) return null;
  const date = new Date(Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3]) - 1));
  return date.toISOString().slice(0, 10);
}

/** `d >= a AND d < b` of whole days up to the day before; `>= AND <=` as it is. */
export const betweenForRange = (query: Query): string | null =>
  respelled(query, (condition) => {
    if (condition.kind !== 'range') return null;
    if (condition.closed) return `${condition.subject} BETWEEN ${condition.low} AND ${condition.high}`;
    const last = dayBefore(condition.high);
    return last === null ? null : `${condition.subject} BETWEEN ${condition.low} AND DATE '${last}'`;
  });

export const orForIn = (query: Query): string | null =>
  respelled(query, (condition) =>
    condition.kind === 'in' && !condition.negated
      ? `(${condition.values.map((value) => `${condition.subject} = ${value}`).join(' OR ')})`
      : null,
  );

const isLiteral = (text: string): boolean => /^(?:'[^']*'|-?\d+(?:\.\d+)?)$/.test(text);

export const inForEquals = (query: Query): string | null =>
  respelled(query, (condition) =>
    condition.kind === 'compare' && condition.operator === '=' && isLiteral(condition.right)
      ? `${condition.left} IN (${condition.right})`
      : null,
  );

const FLIPPED: Readonly<Record<string, string>> = {
  '=': '=',
  '<>': '<>',
  '<': '>',
  '>': '<',
  '<=': '>=',
  '>=': '<=',
};

export const flippedComparison = (query: Query): string | null =>
  respelled(query, (condition) =>
    condition.kind === 'compare' && isLiteral(condition.right)
      ? `${condition.right} ${FLIPPED[condition.operator] ?? condition.operator} ${condition.left}`
      : null,
  );

/** `COUNT(*) > 20` as `>= 21`. */
export const stepBounds = (query: Query): string | null =>
  respelled(query, (condition) =>
    condition.kind === 'compare' &&
    condition.operator === '>' &&
    /^\d+$/.test(condition.right) &&
    /^COUNT\(/i.test(condition.left)
      ? `${condition.left} >= ${Number(condition.right) + 1}`
      : null,
  );

/** Days and relative days in other words. */
export function dateArithmetic(query: Query, { random }: RewriteContext): string | null {
  const day = (literal: string): string | null => {
    const match = DAY.exec(literal);
    if (match === null) return null;
    const [, year = '', month = '', date = ''] = match;
    const before = `${Number(year) - 1}-${month}-${date}`;
    return pick(
      [
        `CAST('${year}-${month}-${date}' AS DATE)`,
        `to_date('${year}-${month}-${date}')`,
        `add_months(DATE '${before}', 12)`,
        `DATE '${before}' + INTERVAL 1 YEAR`,
        `make_date(${Number(year)}, ${Number(month)}, ${Number(date)})`,
      ],
      random,
    );
  };
  return respelled(query, (condition) => {
    if (condition.kind === 'range') {
      const [low, high] = [day(condition.low), day(condition.high)];
      if (low === null || high === null || /02-29/.test(condition.low + condition.high)) return null;
      return `${condition.subject} >= ${low} AND ${condition.subject} ${condition.closed ? '<=' : '<'} ${high}`;
    }
    if (condition.kind !== 'compare') return null;
    const ago = /^date_sub\(current_date\(\), (\d+)\)$/.exec(condition.right)?.[1];
    const spelled =
      ago === undefined
        ? day(condition.right)
        : pick(
            [
              `current_date() - INTERVAL ${ago} DAYS`,
              `date_add(current_date(), -${ago})`,
              `dateadd(DAY, -${ago}, current_date())`,
            ],
            random,
          );
    return spelled === null ? null : `${condition.left} ${condition.operator} ${spelled}`;
  });
}

/** The year that a half-open period is, or `null`. */
function wholeYear(condition: Condition): number | null {
  if (condition.kind !== 'range' || condition.closed) return null;
  const [low, high] = [DAY.exec(condition.low), DAY.exec(condition.high)];
  const isYear = low?.[2] === '01' && low[3] === '01' && high?.[2] === '01' && high[3] === '01';
  return isYear && Number(high?.[1]) === Number(low[1]) + 1 ? Number(low[1]) : null;
}

export function yearForPeriod(query: Query, { random }: RewriteContext): string | null {
  return respelled(query, (condition) => {
    const year = wholeYear(condition);
    if (year === null) return null;
    const subject = subjectOf(condition);
    return pick([`year(${subject}) = ${year}`, `EXTRACT(YEAR FROM ${subject}) = ${year}`], random);
  });
}

export const truncForPeriod = (query: Query): string | null =>
  respelled(query, (condition) => {
    const year = wholeYear(condition);
    return year === null ? null : `date_trunc('YEAR', ${subjectOf(condition)}) = DATE '${year}-01-01'`;
  });

/** A column that is compared anyway is not NULL. */
export function redundantNotNull(query: Query): Query | null {
  const compared = query.where.find(({ kind }) => kind === 'compare' || kind === 'in' || kind === 'range');
  const [column] = compared === undefined ? [] : columnsIn(subjectOf(compared));
  if (column === undefined) return null;
  return {
    ...query,
    where: [...query.where, { kind: 'null', subject: `{${column.source}.${column.column}}`, negated: true }],
  };
}
