import type { Condition } from './filters.ts';
import type { Knowledge } from './knowledge.ts';
import type { Asset } from './model.ts';
import type { Reading } from './reading.ts';
import type { Scope } from './scope.ts';
import { identifier, qualifiedName } from './sql-fragment.ts';

const ABSENCE_SCORE = 2.5;
const ABSENCE = /^(?:no|not|without|never)$/;
/** "without any …", "have never had a …": so many small words may stand between. */
const FARTHEST = 3;

/**
 * "things without …": rows of the base that no row of the other table refers to.
 *
 * @param dated - the table whose date the periods are about; they then say when nothing was there
 * @returns the conditions, and the conditions on time that none of them took in
 */
export function absences(
  scope: Scope,
  knowledge: Knowledge,
  reading: Reading,
  dated: Asset | null,
  periods: readonly Condition[],
): {
  readonly absent: readonly Condition[];
  readonly time: readonly Condition[];
  /** The base is what is missing: its rows answer nothing. */
  readonly isBase: boolean;
} {
  const missing = new Set(
    reading.links.phrases.flatMap(({ target, start }) =>
      target.kind === 'asset' && target.asset.kind === 'table' && isAbsent(start, reading)
        ? [target.asset]
        : [],
    ),
  );
  const isBase = missing.delete(scope.base);
  const absent = [...missing].flatMap((asset): Condition[] => {
    const during = asset === dated ? periods.map(({ sql }) => sql) : [];
    const sql = notReferred(scope, asset, knowledge, during);
    return sql === null
      ? []
      : [{ sql, nodes: [scope.base.alias], score: ABSENCE_SCORE, why: `none in ${asset.alias}` }];
  });
  const takenIn = absent.length > 0 && dated !== null && missing.has(dated);
  return { absent, time: takenIn ? [] : periods, isBase };
}

function isAbsent(start: number, reading: Reading): boolean {
  for (let back = 1; back <= FARTHEST; back++) {
    const token = reading.tokens[start - back];
    if (token !== undefined && ABSENCE.test(token.lower)) return true;
    if (token === undefined || token.content) return false;
  }
  return false;
}

/** Only for a join on one column each: the other table's side stands in a query of its own. */
function notReferred(
  scope: Scope,
  other: Asset,
  knowledge: Knowledge,
  during: readonly string[],
): string | null {
  const [step, ...more] = scope.path(other) ?? [];
  if (step === undefined || more.length > 0 || knowledge.schema.nodes.get(step.node) !== other) return null;
  const sides = /^\s*(\S+)\.(\S+)\s*=\s*(\S+)\.(\S+)\s*$/.exec(step.edge.on)?.slice(1) ?? [];
  const [leftNode = '', left = '', rightNode = '', right = ''] = sides;
  const node = identifier(step.node);
  const base = identifier(scope.base.alias);
  const pair =
    leftNode === base && rightNode === node
      ? { own: left, others: right }
      : leftNode === node && rightNode === base
        ? { own: right, others: left }
        : null;
  return pair === null
    ? null
    : `${base}.${pair.own} NOT IN (SELECT ${pair.others} FROM ${qualifiedName(other.name)} WHERE ${[`${pair.others} IS NOT NULL`, ...during].join(' AND ')})`;
}
