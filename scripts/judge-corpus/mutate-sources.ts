import {
  catalogTable,
  columnsOf,
  fullNames,
  usedText,
  type Mutation,
  type MutationContext,
  type Mutator,
  typeClass,
  replacedAt,
} from './mutation.ts';
import {
  columnsIn,
  columnText,
  mapExpressions,
  sourcesOf,
  type Join,
  type Query,
  type Source,
} from './query.ts';

/** Another table that has columns for all that is read. */
export const wrongTable: Mutator = (query, context) =>
  sourcesOf(query).flatMap((source): Mutation[] => {
    const table = catalogTable(context, source);
    if (table === null) return [];
    // A statement that reads the table once more, in a subquery, would be half right.
    if (usedText(query).includes(table.name)) return [];
    const used = columnsIn(usedText(query)).filter(({ source: id }) => id === source.id);
    const taken = new Set(sourcesOf(query).map(({ table: name }) => name));
    const rivals = context.world.catalog.tables.flatMap((rival) => {
      if (
        taken.has(rival.name) ||
        usedText(query).includes(rival.name) ||
        rival.kind !== table.kind ||
        rival.kind === 'metric_view'
      )
        return [];
      const mapping = new Map<string, string>();
      let likeness = 0;
      for (const { column } of used) {
        const type = typeClass(table.columns.find(({ name }) => name === column)?.type ?? '');
        const free = rival.columns.filter(
          ({ name, type: other }) => typeClass(other) === type && ![...mapping.values()].includes(name),
        );
        const suffix = column.slice(column.indexOf('_') + 1);
        const same =
          free.find(({ name }) => name === column) ??
          free.find(({ name }) => name.slice(name.indexOf('_') + 1) === suffix);
        const partner = same ?? free[0];
        if (partner === undefined) return [];
        if (same !== undefined) likeness += 1;
        mapping.set(column, partner.name);
      }
      return [{ rival: rival.name, mapping, likeness }];
    });
    const most = Math.max(...rivals.map(({ likeness }) => likeness));
    return rivals
      .filter(({ likeness }) => likeness === most)
      .map(({ rival, mapping }) => ({
        kind: 'wrong table',
        types: ['wrong_table'],
        blame: [source.table.toLowerCase()],
        query: withSource(
          mapExpressions(query, (text) =>
            text.replaceAll(/\{(\w+)\.(\w+)\}/g, (whole, id: string, column: string) =>
              id === source.id ? `{${id}.${mapping.get(column) ?? column}}` : whole,
            ),
          ),
          { ...source, table: rival },
        ),
      }));
  });

function withSource(query: Query, source: Source): Query {
  const swap = (one: Source): Source => (one.id === source.id ? source : one);
  return {
    ...query,
    from: swap(query.from),
    joins: query.joins.map((join) => ({ ...join, source: swap(join.source) })),
  };
}

/** Another column of the same kind on one side of a join. */
export const wrongJoinKey: Mutator = (query, context) =>
  query.joins.flatMap((join, at) =>
    join.on.flatMap((condition, index): Mutation[] => {
      if (condition.kind !== 'compare') return [];
      return (['left', 'right'] as const).flatMap((side): Mutation[] => {
        const [column] = columnsIn(condition[side]);
        const source = sourcesOf(query).find(({ id }) => id === column?.source);
        if (column === undefined || source === undefined) return [];
        const candidates = columnsOf(source, context);
        const own = candidates.find((one) => one.column === column.column);
        return candidates
          .filter(
            (one) => one.column !== column.column && one.type === own?.type && isWhole(one, source, context),
          )
          .map((one) => ({
            kind: 'wrong join key',
            types: ['wrong_join'],
            blame: fullNames(query, [column]),
            query: withJoin(query, at, {
              ...join,
              on: replacedAt(join.on, index, { ...condition, [side]: columnText(one) }),
            }),
          }));
      });
    }),
  );

const isWhole = ({ column }: { column: string }, source: Source, context: MutationContext): boolean =>
  /INT|LONG|STRING/i.test(
    catalogTable(context, source)?.columns.find(({ name }) => name === column)?.type ?? '',
  );

export const wrongJoinType: Mutator = (query) =>
  query.joins
    .map((join, at) => [join, at] as const)
    .filter(([join]) => join.type !== 'CROSS')
    .map(([join, at]) => ({
      kind: 'wrong join type',
      types: ['wrong_join'],
      blame: [join.source.table.toLowerCase()],
      query: withJoin(query, at, { ...join, type: join.type === 'LEFT' ? 'INNER' : 'LEFT' }),
    }));

export const missingJoinCondition: Mutator = (query) =>
  query.joins
    .map((join, at) => [join, at] as const)
    .filter(([join]) => join.type === 'INNER' && join.on.length > 0)
    .map(([join, at]) => ({
      kind: 'missing join condition',
      types: ['wrong_join'],
      blame: [
        join.source.table.toLowerCase(),
        ...join.on.flatMap((on) =>
          on.kind === 'compare' ? fullNames(query, columnsIn(`${on.left} ${on.right}`)) : [],
        ),
      ],
      query: withJoin(query, at, { ...join, type: 'CROSS', on: [] }),
    }));

const withJoin = (query: Query, at: number, join: Join): Query => ({
  ...query,
  joins: replacedAt(query.joins, at, join),
});

/** Another value for one argument of a table function. */
export const functionArgument: Mutator = (query) =>
  sourcesOf(query).flatMap((source) =>
    (source.args ?? []).flatMap((arg, at): Mutation[] => {
      const changed = changedArgument(arg);
      return changed === null
        ? []
        : [
            {
              kind: 'TVF argument',
              types: ['tvf_parameter_error'],
              blame: [source.table.toLowerCase()],
              query: withSource(query, { ...source, args: replacedAt(source.args ?? [], at, changed) }),
            },
          ];
    }),
  );

function changedArgument(arg: string): string | null {
  const date = /^(?:DATE )?'(\d{4})-(\d\d)-(\d\d)'$/.exec(arg);
  if (date?.[1] !== undefined) return arg.replace(date[1], String(Number(date[1]) - 1));
  if (/^\d+$/.test(arg)) return String(Number(arg) + 2);
  const code = /^'(.*?)(\d+)'$/.exec(arg);
  if (code?.[2] === undefined) return null;
  return `'${code[1] ?? ''}${String(Number(code[2]) + 1).padStart(code[2].length, '0')}'`;
}
