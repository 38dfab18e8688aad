import { COLUMN, mapCondition, sourcesOf, type Condition, type Query, type Source } from './query.ts';

/** How a query is put into words; every choice leaves its meaning alone. */
export interface Style {
  readonly alias: (source: Source, at: number) => string | null;
  readonly keyword: (word: string) => string;
  readonly condition: (condition: Condition, plain: string) => string;
}

export const PLAIN: Style = {
  alias: (source) => source.id,
  keyword: (word) => word,
  condition: (_, plain) => plain,
};

/** The statement of a query. Names stay bare where only one source is read and it has no alias. */
export function renderQuery(query: Query, style: Style = PLAIN): string {
  const sources = sourcesOf(query);
  const alone = sources.length === 1 && query.from.query === undefined;
  const aliases = new Map<string, string>();
  sources.forEach((source, at) => {
    const alias = alone ? null : style.alias(source, at);
    if (alias !== null) aliases.set(source.id, alias);
  });
  const expression = (text: string): string =>
    text.replaceAll(COLUMN, (_, source: string, column: string) => {
      const alias = aliases.get(source);
      return alias === undefined ? column : `${alias}.${column}`;
    });
  const condition = (one: Condition): string => conditionText(one, expression, style);
  const k = style.keyword;
  const from = (source: Source): string => sourceText(source, aliases.get(source.id) ?? null, style);
  const list = (conditions: readonly Condition[]): string => conditions.map(condition).join(` ${k('AND')} `);
  const parts = [
    `${k('SELECT')} ${query.distinct ? `${k('DISTINCT')} ` : ''}${query.select
      .map(({ text, alias }) => expression(text) + (alias === null ? '' : ` ${k('AS')} ${alias}`))
      .join(', ')}`,
    `${k('FROM')} ${from(query.from)}`,
    ...query.joins.map(
      ({ type, source, on }) =>
        `${k(type === 'INNER' ? 'JOIN' : `${type} JOIN`)} ${from(source)}${on.length === 0 ? '' : ` ${k('ON')} ${list(on)}`}`,
    ),
    query.where.length === 0 ? '' : `${k('WHERE')} ${list(query.where)}`,
    query.groupBy.length === 0 ? '' : `${k('GROUP BY')} ${query.groupBy.map(expression).join(', ')}`,
    query.having.length === 0 ? '' : `${k('HAVING')} ${list(query.having)}`,
    query.orderBy.length === 0
      ? ''
      : `${k('ORDER BY')} ${query.orderBy.map(({ text, descending }) => expression(text) + (descending ? ` ${k('DESC')}` : '')).join(', ')}`,
    query.limit === null ? '' : `${k('LIMIT')} ${query.limit}`,
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function sourceText(source: Source, alias: string | null, style: Style): string {
  const name =
    source.query === undefined
      ? source.table + (source.args === undefined ? '' : `(${source.args.join(', ')})`)
      : `(${renderQuery(source.query, style)})`;
  return alias === null ? name : `${name} ${style.keyword('AS')} ${alias}`;
}

function conditionText(condition: Condition, expression: (text: string) => string, style: Style): string {
  const plain = (): string => {
    switch (condition.kind) {
      case 'compare':
        return `${expression(condition.left)} ${condition.operator} ${expression(condition.right)}`;
      case 'range': {
        const subject = expression(condition.subject);
        return `${subject} >= ${condition.low} AND ${subject} ${condition.closed ? '<=' : '<'} ${condition.high}`;
      }
      case 'in':
        return `${expression(condition.subject)} ${condition.negated ? 'NOT IN' : 'IN'} (${condition.values.join(', ')})`;
      case 'null':
        return `${expression(condition.subject)} IS ${condition.negated ? 'NOT NULL' : 'NULL'}`;
      case 'member':
        return `${expression(condition.subject)} ${condition.negated ? 'NOT IN' : 'IN'} (${renderQuery(condition.query, style)})`;
      case 'text':
        return expression(condition.text);
      default:
        return condition satisfies never;
    }
  };
  return style.condition(mapCondition(condition, expression), plain());
}
