import { nameParts } from '../core/index.ts';
import { joinCondition } from '../spaces/index.ts';
import type { JoinSpec } from '../spaces/index.ts';
import { leverOfAsset } from './asset-lever.ts';
import type { PatchLever } from './envelope.ts';
import type { NameResolver } from './name-resolver.ts';
import { pairKey } from './name-resolver.ts';
import { matchJoins, type JoinTarget } from './resolve.ts';
import type { Snapshot } from './snapshot.ts';
import { fragmentKey, fragmentProblem, qualifiers, quotePredicate } from './sql-fragment.ts';

/** The alias of a side: as given, else the last part of the name. */
export const sideAlias = (side: {
  readonly identifier: string;
  readonly alias?: string | undefined;
}): string => side.alias ?? nameParts(side.identifier).at(-1) ?? side.identifier;

/** The predicate as the API wants it, or what is wrong with it. */
export function joinPredicate(
  sql: string,
  aliases: readonly [string, string],
): { readonly sql: string } | { readonly problem: string } {
  const problem = fragmentProblem(sql);
  if (problem !== null) return { problem };
  const used = qualifiers(sql);
  const missing = aliases.find((alias) => !used.includes(alias.toLowerCase()));
  if (missing !== undefined)
    return {
      problem: `it does not use '${missing}'; write each column as alias.column, the alias being the last part of the table's name`,
    };
  const allowed = new Set(aliases.map((alias) => alias.toLowerCase()));
  const stranger = used.find((alias) => !allowed.has(alias));
  if (stranger !== undefined)
    return { problem: `'${stranger}' is none of its aliases (${aliases.join(', ')})` };
  return { sql: quotePredicate(sql.trim()) };
}

/** Equal for predicates that differ in case, quoting, spaces or in the sides of one equality. */
export function predicateKey(predicate: string): string {
  const sides = fragmentKey(predicate).split(' = ');
  return sides.length === 2 ? sides.toSorted().join(' = ') : sides.join(' = ');
}

export const joinKey = (join: JoinSpec): string => predicateKey(joinCondition(join).predicate);

/** `join:a~b`, whichever way the patch points at the join. */
export function joinObjectKey(target: JoinTarget, names: NameResolver): string {
  if (target.join_id !== undefined) return `join:${names.joinById(target.join_id)}`;
  return `join:${pairKey(names.source(target.left ?? ''), names.source(target.right ?? ''))}`;
}

/** Both tables of a target, where it names them. */
export const joinTables = (target: JoinTarget, names: NameResolver): string[] =>
  joinObjectKey(target, names)
    .slice('join:'.length)
    .split('~')
    .filter((name) => name.includes('.'));

/** Which of its two sides a join belongs to: the first of these levers that owns one. */
export const JOIN_LEVER_ORDER = [5, 4, 2, 1] as const satisfies readonly PatchLever[];

/**
 * The lever of a join: that of its ML side, else of its monitoring side, else of its metric view, else 1.
 *
 * A join given by an id that the space does not have is of lever 1.
 * @see decision 3
 */
export function joinLever(target: JoinTarget, snapshot: Snapshot): PatchLever {
  const [found] = target.join_id === undefined ? [] : matchJoins(target, snapshot);
  const sides =
    found === undefined
      ? [target.left, target.right]
      : [found.left, found.right].map((side) => side.identifier);
  const levers = new Set(sides.map((name) => (name === undefined ? 1 : leverOfAsset(name, snapshot))));
  return JOIN_LEVER_ORDER.find((lever) => levers.has(lever)) ?? 1;
}

export const joinTargetProblem = (target: JoinTarget): string | null =>
  (target.join_id === undefined) === (target.left === undefined && target.right === undefined) ||
  (target.left === undefined) !== (target.right === undefined)
    ? 'give either join_id, or left and right'
    : null;

export const describeJoinTarget = (target: JoinTarget): string =>
  target.join_id === undefined ? `the join of ${target.left} and ${target.right}` : `join ${target.join_id}`;
