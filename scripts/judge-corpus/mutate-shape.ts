import {
  allColumns,
  columnsOf,
  namesIn,
  replacedAt,
  usedText,
  withoutAt,
  type Mutation,
  type MutationContext,
  type Mutator,
} from './mutation.ts';
import { columnsIn, columnText, mapExpressions, sourcesOf, type ColumnName, type Query } from './query.ts';

const isAggregated = (text: string): boolean => /\b(?:SUM|AVG|MIN|MAX|COUNT|MEASURE)\(/i.test(text);

/** Other columns of the same table and type that the query does not use. */
function rivalsOf(column: ColumnName, query: Query, context: MutationContext) {
  const source = sourcesOf(query).find(({ id }) => id === column.source);
  if (source === undefined) return [];
  const candidates = columnsOf(source, context);
  const own = candidates.find((one) => one.column === column.column);
  return candidates.filter(
    (one) =>
      one.column !== column.column &&
      one.type === own?.type &&
      one.isMeasure === own.isMeasure &&
      !one.isKey &&
      !usedText(query).includes(columnText(one)),
  );
}

/** Another column shown, wherever SELECT, GROUP BY and ORDER BY name it. */
export const wrongColumn: Mutator = (query, context) =>
  query.select
    .filter(({ text }) => !isAggregated(text) && columnsIn(text).length === 1)
    .flatMap(({ text }) => columnsIn(text))
    .flatMap((column) =>
      rivalsOf(column, query, context).map((rival): Mutation => {
        const swap = (text: string): string => text.replaceAll(columnText(column), columnText(rival));
        const changed = mapExpressions(query, swap);
        return {
          kind: 'wrong column',
          types: ['wrong_column'],
          blame: namesIn(query, columnText(column)),
          query: { ...changed, where: query.where, joins: query.joins, having: query.having },
        };
      }),
    );

const FUNCTIONS: Readonly<Record<string, readonly string[]>> = {
  SUM: ['AVG', 'MAX'],
  AVG: ['SUM', 'MAX'],
  MIN: ['MAX', 'AVG'],
  MAX: ['MIN', 'AVG'],
};

/** Another function over the same thing, or DISTINCT where there was none, or none where there was. */
export const wrongAggregate: Mutator = (query, context) => [
  ...query.select.flatMap((item, at): Mutation[] => {
    const put = (text: string, blame: readonly string[]): Mutation => ({
      kind: 'wrong aggregate',
      types: ['wrong_aggregation'],
      blame,
      query: { ...query, select: replacedAt(query.select, at, { ...item, text }) },
    });
    const blame = namesIn(query, item.text);
    if (/CASE|MEASURE/i.test(item.text)) return [];
    const single = /\b(SUM|AVG|MIN|MAX)\(/i.exec(item.text);
    const name = single?.[1]?.toUpperCase() ?? '';
    const others = (FUNCTIONS[name] ?? []).map((other) =>
      put(item.text.replace(single?.[0] ?? '', `${other}(`), blame),
    );
    if (/COUNT\(DISTINCT /i.test(item.text))
      return [...others, put(item.text.replace(/COUNT\(DISTINCT /i, 'COUNT('), blame)];
    if (!/COUNT\(\*\)/i.test(item.text)) return others;
    const counted = allColumns(query, context).filter(({ isMeasure }) => !isMeasure);
    return [
      ...others,
      ...counted.map((column) => {
        const text = item.text.replace(/COUNT\(\*\)/i, `COUNT(DISTINCT ${columnText(column)})`);
        // Nothing of the key says which column: its table, or the column counted instead.
        return put(text, [
          ...sourcesOf(query).map(({ table }) => table.toLowerCase()),
          ...namesIn(query, columnText(column)),
        ]);
      }),
    ];
  }),
  ...(query.distinct
    ? [
        {
          kind: 'wrong aggregate',
          types: ['wrong_aggregation'],
          blame: query.select.flatMap(({ text }) => namesIn(query, text)),
          query: { ...query, distinct: false },
        } satisfies Mutation,
      ]
    : []),
];

/** Another quantity in the same aggregate. */
export const wrongMeasure: Mutator = (query, context) =>
  query.select
    .map((item, at) => [item, at] as const)
    .filter(([{ text }]) => isAggregated(text) && !/CASE|COUNT/i.test(text))
    .flatMap(([item, at]) =>
      columnsIn(item.text).flatMap((column) =>
        rivalsOf(column, query, context).map((rival): Mutation => ({
          kind: 'wrong measure',
          // Inside a plain aggregate a wrong measure is a wrong column; both words are right.
          types: /MEASURE/i.test(item.text) ? ['wrong_measure'] : ['wrong_measure', 'wrong_column'],
          blame: namesIn(query, columnText(column)),
          query: {
            ...query,
            select: replacedAt(query.select, at, {
              ...item,
              text: item.text.replaceAll(columnText(column), columnText(rival)),
            }),
          },
        })),
      ),
    );

/** Rows for a coarser, a finer, or another unit. */
export const wrongGrain: Mutator = (query, context) => {
  const grouped = query.groupBy.flatMap((key, at): Mutation[] => {
    const item = query.select.findIndex(({ text }) => text === key);
    const alias = query.select[item]?.alias ?? null;
    const coarser: Query = {
      ...query,
      groupBy: withoutAt(query.groupBy, at),
      select: item === -1 ? query.select : withoutAt(query.select, item),
      orderBy: query.orderBy.filter(({ text }) => text !== key && text !== alias),
    };
    const unit = /date_trunc\('(\w+)'/i.exec(key)?.[1];
    const other = unit?.toUpperCase() === 'MONTH' ? 'YEAR' : 'MONTH';
    const base = { kind: 'wrong grain', types: ['wrong_aggregation'], blame: namesIn(query, key) } as const;
    return [
      // One row for everything cannot be ranked; without keys a LIMIT would be a second damage.
      ...(query.limit === null || coarser.groupBy.length > 0 ? [{ ...base, query: coarser }] : []),
      ...(unit === undefined
        ? []
        : [{ ...base, query: mapExpressions(query, (text) => text.replace(`'${unit}'`, `'${other}'`)) }]),
    ];
  });
  if (query.groupBy.length === 0) return grouped;
  const finer = allColumns(query, context)
    .filter(
      (column) =>
        column.type === 'text' &&
        !column.isKey &&
        !column.isMeasure &&
        !usedText(query).includes(columnText(column)),
    )
    .map((column): Mutation => ({
      kind: 'wrong grain',
      types: ['wrong_aggregation'],
      blame: namesIn(query, columnText(column)),
      query: {
        ...query,
        select: [{ text: columnText(column), alias: null }, ...query.select],
        groupBy: [...query.groupBy, columnText(column)],
      },
      shownBy: { ...query, groupBy: [...query.groupBy, columnText(column)] },
    }));
  return [...grouped, ...finer];
};

/** A column of the answer left out; the rows stay the same. */
export const missingColumn: Mutator = (query, { optional }) =>
  query.select.length < 2 || query.distinct
    ? []
    : query.select.flatMap((item, at): Mutation[] => {
        const isOrdered = query.orderBy.some(({ text }) => text === item.alias);
        const name = item.alias ?? columnsIn(item.text)[0]?.column ?? '';
        return isOrdered || optional.has(name.toLowerCase())
          ? []
          : [
              {
                kind: 'missing column',
                types: ['wrong_column'],
                blame: namesIn(query, item.text),
                query: { ...query, select: withoutAt(query.select, at) },
              },
            ];
      });

/** Another end of the list, another length, or another order. */
export const missingOrderOrLimit: Mutator = (query) => {
  const { limit } = query;
  if (limit === null || query.orderBy.length === 0) return [];
  const blame = query.orderBy.flatMap(({ text }) =>
    namesIn(query, query.select.find(({ alias }) => alias === text)?.text ?? text),
  );
  const base = { kind: 'missing order or limit', types: ['missing_instruction'], blame } as const;
  const [first] = query.orderBy;
  return [
    { ...base, query: { ...query, limit: null } },
    { ...base, query: { ...query, limit: limit * 2 } },
    { ...base, query: { ...query, orderBy: [] } },
    ...(first === undefined
      ? []
      : [
          {
            ...base,
            query: {
              ...query,
              orderBy: replacedAt(query.orderBy, 0, { ...first, descending: !first.descending }),
            },
          },
        ]),
  ];
};
