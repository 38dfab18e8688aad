import {
  droppedBound,
  droppedFilter,
  extraFilter,
  wrongFilterColumn,
  wrongLiteral,
} from './mutate-filters.ts';
import {
  missingColumn,
  missingOrderOrLimit,
  wrongAggregate,
  wrongColumn,
  wrongGrain,
  wrongMeasure,
} from './mutate-shape.ts';
import {
  functionArgument,
  missingJoinCondition,
  wrongJoinKey,
  wrongJoinType,
  wrongTable,
} from './mutate-sources.ts';
import type { Mutation, MutationContext, Mutator } from './mutation.ts';
import type { Query } from './query.ts';

const MUTATORS: readonly Mutator[] = [
  wrongTable,
  wrongColumn,
  wrongFilterColumn,
  wrongJoinKey,
  wrongJoinType,
  missingJoinCondition,
  droppedFilter,
  droppedBound,
  wrongAggregate,
  wrongMeasure,
  wrongGrain,
  extraFilter,
  wrongLiteral,
  missingColumn,
  missingOrderOrLimit,
  functionArgument,
];

/** Every query that one known damage makes of this one, nested queries included. */
export function mutationsOf(query: Query, context: MutationContext): Mutation[] {
  const own = MUTATORS.flatMap((mutator) => mutator(query, context));
  const { from } = query;
  const inner =
    from.query === undefined
      ? []
      : mutationsOf(from.query, context).map((mutation) =>
          around(mutation, { ...query, from: { ...from, query: mutation.query } }),
        );
  const members = query.where.flatMap((condition, at) =>
    condition.kind !== 'member'
      ? []
      : mutationsOf(condition.query, context)
          // What a subquery shows is the key of the membership.
          .filter(({ kind }) => kind !== 'wrong column' && kind !== 'missing column')
          .map((mutation) =>
            around(mutation, {
              ...query,
              where: query.where.map((other, index) =>
                index === at ? { ...condition, query: mutation.query } : other,
              ),
            }),
          ),
  );
  return [...own, ...inner, ...members];
}

/** The damage of a nested query as one of the whole query, which has to show it itself. */
const around = ({ kind, types, blame }: Mutation, query: Query): Mutation => ({ kind, types, blame, query });
