import type { FailureType } from '../../src/asi/index.ts';
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
import {
  columnsIn,
  columnText,
  mapCondition,
  sourcesOf,
  subjectOf,
  type Condition,
  type Query,
} from './query.ts';

/** WHERE or HAVING, with the way to put a changed list back. */
const places = (query: Query) =>
  (['where', 'having'] as const).flatMap((place) =>
    query[place].map((condition, at) => ({
      condition,
      subject: subjectOf(condition),
      without: { ...query, [place]: withoutAt(query[place], at) } satisfies Query,
      with: (other: Condition): Query => ({ ...query, [place]: replacedAt(query[place], at, other) }),
    })),
  );

/** Whether a condition restricts time: a date column, or a whole number that its name calls a year or a month. */
function timeOf(text: string, query: Query, context: MutationContext): 'date' | 'part' | null {
  const columns = columnsIn(text);
  const types = allColumns(query, context);
  const isDate = columns.some(({ source, column }) =>
    types.some((one) => one.source === source && one.column === column && one.type === 'date'),
  );
  if (isDate) return 'date';
  return columns.some(({ column }) => /(?:year|month|_yr|_mth|_dt)$|^(?:yr|mth|qtr)$|_dt_/.test(column))
    ? 'part'
    : null;
}

const TYPES = {
  date: ['missing_temporal_filter'],
  // A part of a date kept as a number: both words are right.
  part: ['missing_temporal_filter', 'missing_filter'],
  none: ['missing_filter'],
} as const satisfies Record<string, readonly FailureType[]>;

export const droppedFilter: Mutator = (query, context) =>
  places(query).map(({ condition, subject, without }): Mutation => {
    // Whether a date is there at all is no restriction of time.
    const time = condition.kind === 'null' ? null : timeOf(subject, query, context);
    // Membership in a subquery is a filter, and as well a join with the table inside.
    if (condition.kind === 'member')
      return {
        kind: 'dropped filter',
        types: ['missing_filter', 'wrong_join', 'wrong_table'],
        blame: [
          ...namesIn(query, subject),
          condition.query.from.table.toLowerCase(),
          ...condition.query.where.flatMap((inner) => namesIn(condition.query, subjectOf(inner))),
        ],
        query: without,
      };
    return {
      kind: time === null ? 'dropped filter' : 'dropped temporal filter',
      types: TYPES[time ?? 'none'],
      blame: namesIn(query, subject),
      query: without,
    };
  });

/** One end of a period left open. */
export const droppedBound: Mutator = (query, context) =>
  places(query).flatMap(({ condition, subject, with: put }): Mutation[] => {
    const time = timeOf(subject, query, context);
    if (condition.kind !== 'range' || time === null) return [];
    const base = {
      kind: 'dropped temporal filter',
      types: TYPES[time],
      blame: namesIn(query, subject),
    } as const;
    return [
      {
        ...base,
        query: put({ kind: 'compare', left: condition.subject, operator: '>=', right: condition.low }),
      },
      {
        ...base,
        query: put({
          kind: 'compare',
          left: condition.subject,
          operator: condition.closed ? '<=' : '<',
          right: condition.high,
        }),
      },
    ];
  });

/** The same restriction on another column of the same table and type. */
export const wrongFilterColumn: Mutator = (query, context) =>
  places(query).flatMap(({ condition, subject, with: put }): Mutation[] => {
    const columns = columnsIn(subject);
    const [column] = columns;
    const source = sourcesOf(query).find(({ id }) => id === column?.source);
    if (column === undefined || columns.length !== 1 || source === undefined || /\(/.test(subject)) return [];
    const candidates = columnsOf(source, context);
    const own = candidates.find((one) => one.column === column.column);
    return candidates
      .filter(
        (one) =>
          one.type === own?.type &&
          !one.isMeasure &&
          !one.isKey &&
          !usedText(query).includes(columnText(one)),
      )
      .map((one) => ({
        kind: 'wrong filter column',
        // The key of a membership is the key of a join.
        types: condition.kind === 'member' ? ['wrong_column', 'wrong_join'] : ['wrong_column'],
        blame: namesIn(query, subject),
        query: put(mapCondition(condition, (text) => text.replaceAll(columnText(column), columnText(one)))),
      }));
  });

/** A restriction that nobody asked for, on a column that is not restricted yet. */
export const extraFilter: Mutator = (query, context) => {
  const restricted = new Set(
    query.where.flatMap((condition) => columnsIn(subjectOf(condition))).map(columnText),
  );
  return allColumns(query, context)
    .filter((column) => !restricted.has(columnText(column)) && !column.isKey && !column.isMeasure)
    .flatMap((column): Mutation[] => {
      const table = sourcesOf(query).find(({ id }) => id === column.source)?.table ?? '';
      const values = context.values(table, column.column);
      const middle = values[Math.floor(values.length / 2)];
      if (middle === undefined || values.length < 2) return [];
      const added: Condition | null =
        column.type === 'text'
          ? { kind: 'compare', left: columnText(column), operator: '=', right: `'${middle}'` }
          : column.type === 'date'
            ? { kind: 'compare', left: columnText(column), operator: '>=', right: `'${middle.slice(0, 10)}'` }
            : column.type === 'number'
              ? { kind: 'compare', left: columnText(column), operator: '>', right: middle }
              : null;
      return added === null
        ? []
        : [
            {
              kind: 'extra filter',
              types: ['missing_filter'],
              blame: namesIn(query, columnText(column)),
              query: { ...query, where: [...query.where, added] },
            },
          ];
    });
};

/** Another value of the same column, another number, another year. */
export const wrongLiteral: Mutator = (query, context) =>
  places(query).flatMap(({ condition, subject, with: put }): Mutation[] => {
    const [column] = columnsIn(subject);
    const table = sourcesOf(query).find(({ id }) => id === column?.source)?.table ?? '';
    const known = column === undefined ? [] : context.values(table, column.column);
    const changed = changedValues(condition, known);
    return changed.map((other) => ({
      kind: 'wrong literal',
      // Decision 22: a wrong literal is a missing filter, also in time.
      types: ['missing_filter'],
      blame: namesIn(query, subject),
      query: put(other),
    }));
  });

function changedValues(condition: Condition, known: readonly string[]): Condition[] {
  switch (condition.kind) {
    case 'compare': {
      const right = otherValue(condition.right, known);
      return right === null ? [] : [{ ...condition, right }];
    }
    case 'range': {
      const [low, high] = [otherValue(condition.low, []), otherValue(condition.high, [])];
      return low === null || high === null
        ? []
        : [
            { ...condition, low, high },
            { ...condition, low },
          ];
    }
    case 'in': {
      const [first = '', ...rest] = condition.values;
      const other = otherValue(
        first,
        known.filter((value) => !condition.values.includes(`'${value}'`)),
      );
      return [
        ...(other === null ? [] : [{ ...condition, values: [other, ...rest] }]),
        ...(rest.length === 0 ? [] : [{ ...condition, values: rest }]),
      ];
    }
    case 'null':
    case 'member':
    case 'text':
      return [];
    default:
      return condition satisfies never;
  }
}

function otherValue(value: string, known: readonly string[]): string | null {
  const date = /'(\d{4})-\d\d-\d\d'/.exec(value);
  if (date?.[1] !== undefined) return value.replace(date[1], String(Number(date[1]) - 1));
  const text = /^'(.*)'$/.exec(value);
  if (text !== null) {
    const other = known.find((one) => one !== text[1]);
    return other === undefined ? null : `'${other}'`;
  }
  if (/^\d{4}$/.test(value)) return String(Number(value) - 1);
  if (/^-?\d+(?:\.\d+)?$/.test(value)) return String(Number(value) * 2 + 3);
  const days = /^date_sub\(current_date\(\), (\d+)\)$/.exec(value);
  return days?.[1] === undefined ? null : value.replace(days[1], String(Number(days[1]) * 3));
}
