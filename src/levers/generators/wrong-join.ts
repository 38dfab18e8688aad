import { compareCodeUnits, nameKey, shortName } from '../../core/index.ts';
import type { Finding } from '../alignment/align.ts';
import { abbreviationScore, humanize, identifierWords } from '../alignment/words.ts';
import type { Element } from '../alignment/element.ts';
import type { Schema, SchemaTable } from '../schema.ts';
import { quoteIfNeeded } from '../schema.ts';
import type { Change, Draft, Generator, GeneratorContext } from './draft.ts';

type Relationship = 'MANY_TO_ONE' | 'ONE_TO_MANY' | 'ONE_TO_ONE';
type JoinElement = Element & { kind: 'join' };

/**
 * States how two tables join where answers joined them otherwise or not at all.
 *
 * The many side stands left. Where answer keys join the same two tables in several ways, the most
 * frequent one is stated and the others go into its instruction, or into the general one when the
 * join stands there already.
 * @see decisions.md 25
 */
export const proposeJoins: Generator = (context) => {
  const byTables = new Map<string, (Finding & { element: JoinElement })[]>();
  for (const finding of context.findings.values()) {
    if (finding.element.kind !== 'join') continue;
    const key = `${finding.element.left}~${finding.element.right}`;
    byTables.set(key, [...(byTables.get(key) ?? []), { ...finding, element: finding.element }]);
  }
  return [...byTables]
    .sort(([a], [b]) => compareCodeUnits(a, b))
    .flatMap(([, findings]) => proposeJoin(findings, context));
};

function proposeJoin(
  findings: readonly (Finding & { element: JoinElement })[],
  context: GeneratorContext,
): Draft[] {
  const [any] = findings;
  if (any === undefined) return [];
  const [main, ...others] = waysOf(any.element, context);
  const left = context.schema.tables.get(any.element.left);
  const right = context.schema.tables.get(any.element.right);
  if (main === undefined || left === undefined || right === undefined || !left.inSpace || !right.inSpace)
    return [];
  const oriented = orient(main, left, right, context.schema);
  const change = joinChange(oriented, main, others, context);
  if (change === null) return [];
  const question_ids = [...new Set(findings.flatMap((finding) => finding.question_ids))].sort(
    compareCodeUnits,
  );
  return [
    {
      failure_type: 'wrong_join',
      question_ids,
      changes: [change],
      reason: `${left.name} and ${right.name} join on ${oriented.condition.replaceAll('`', '')}, which the space does not say`,
      confidence:
        (isFoundAnyway(any.element, context) ? FOUND_ANYWAY_FACTOR : 1) *
        Math.min(0.9, 0.65 + 0.08 * question_ids.length),
    },
  ];
}

/** A join that another answer found without being told is seldom what went wrong. */
const FOUND_ANYWAY_FACTOR = 0.7;

const isFoundAnyway = (element: JoinElement, { rows }: GeneratorContext): boolean =>
  rows.some((row) => row.row.correct === true && row.expected.has(element.key));

/** Every way in which answer keys join two tables, the most frequent first. */
function waysOf(any: JoinElement, context: GeneratorContext): JoinElement[] {
  const counts = new Map<string, { element: JoinElement; count: number }>();
  for (const row of context.rows) {
    for (const { element } of row.expected.values()) {
      if (element.kind !== 'join' || element.left !== any.left || element.right !== any.right) continue;
      counts.set(element.key, { element, count: (counts.get(element.key)?.count ?? 0) + 1 });
    }
  }
  return [...counts.values()]
    .sort((a, b) => b.count - a.count || compareCodeUnits(a.element.key, b.element.key))
    .map(({ element }) => element);
}

interface Oriented {
  readonly left: SchemaTable;
  readonly right: SchemaTable;
  readonly relationship: Relationship;
  readonly condition: string;
}

function joinChange(
  join: Oriented,
  main: JoinElement,
  others: readonly JoinElement[],
  context: GeneratorContext,
): Change | null {
  const existing = (context.space.instructions?.join_specs ?? []).filter((spec) => {
    const sides = [nameKey(spec.left.identifier), nameKey(spec.right.identifier)].sort();
    return sides.join('~') === [join.left.key, join.right.key].sort().join('~');
  });
  const roles = others.map((other) => roleSentence(other, main, join, context));
  const [stated] = existing;
  if (stated === undefined) {
    return {
      type: 'add_join',
      join_spec: {
        left: { identifier: join.left.name, alias: shortName(join.left.key) },
        right: { identifier: join.right.name, alias: shortName(join.right.key) },
        sql: [join.condition, `--rt=FROM_RELATIONSHIP_TYPE_${join.relationship}--`],
        ...(roles.length > 0 ? { instruction: roles.join(' ') } : {}),
      },
    };
  }
  const says = (element: JoinElement): boolean =>
    existing.some(
      (spec) =>
        pairsOf(spec.sql[0] ?? '') ===
        pairsOf(orient(element, join.left, join.right, context.schema).condition),
    );
  if (says(main)) return roles.length > 0 ? { type: 'add_instruction', text: roles.join(' ') } : null;
  // What some answer keys rely on is no mistake but another role.
  if (others.some(says))
    return { type: 'add_instruction', text: roleSentence(main, others.find(says) ?? main, join, context) };
  return {
    type: 'update_join_condition',
    join_id: stated.id,
    new_sql: join.condition,
    relationship_type: join.relationship,
    ...(stated.sql[0] === undefined ? {} : { old_sql: stated.sql[0] }),
  };
}

/** Comparison form of a condition: neither quoting nor the order of sides matters. */
const pairsOf = (condition: string): string =>
  condition
    .toLowerCase()
    .replaceAll(/[\s`]+/g, ' ')
    .replaceAll(/ ?\. ?/g, '.')
    .trim()
    .split(/ and /)
    .map((part) =>
      part
        .split('=')
        .map((side) => side.trim())
        .sort()
        .join('='),
    )
    .sort()
    .join('&');

/** The second role of a table, which the join itself cannot say: by the word that asks for it, else by its key. */
function roleSentence(
  other: JoinElement,
  main: JoinElement,
  join: Oriented,
  context: GeneratorContext,
): string {
  const [left, right] = [
    context.schema.tables.get(other.left) ?? join.left,
    context.schema.tables.get(other.right) ?? join.right,
  ];
  const on = other.pairs
    .map(([a, b]) => `${shortName(left.key)}.${a} = ${shortName(right.key)}.${b}`)
    .join(' AND ');
  const word = tellingWord(other, main, context);
  const role = humanize(other.pairs[0]?.[0] ?? '').replace(/ (?:id|key|code|sk|no)$/, '');
  return `${word === null ? `For the ${role}` : `When the question says '${word}'`}, join on ${on} instead.`;
}

/** The word that questions with this way of joining say and questions with the usual way do not. */
function tellingWord(other: JoinElement, main: JoinElement, context: GeneratorContext): string | null {
  const withOther = context.rows.filter((row) => row.expected.has(other.key));
  const withMain = context.rows.filter((row) => row.expected.has(main.key) && !row.expected.has(other.key));
  const counts = new Map<string, { surface: string; count: number }>();
  for (const row of withOther) {
    for (const [key, surface] of new Map(
      row.phrases.filter((phrase) => phrase.length === 1).map((phrase) => [phrase.key, phrase.surface]),
    )) {
      counts.set(key, { surface, count: (counts.get(key)?.count ?? 0) + 1 });
    }
  }
  const telling = [...counts]
    .filter(([key]) => withMain.every((row) => row.phrases.every((phrase) => phrase.key !== key)))
    .map(([key, { surface, count }]) => ({
      surface,
      score:
        count -
        context.rows.filter(
          (row) => !row.expected.has(other.key) && row.phrases.some((phrase) => phrase.key === key),
        ).length,
      likeness: Math.max(
        ...other.pairs.flatMap((pair) =>
          pair.map((column) => abbreviationScore(identifierWords(column)[0] ?? '', [key])),
        ),
      ),
      key,
    }))
    .sort((a, b) => b.likeness - a.likeness || b.score - a.score || compareCodeUnits(a.key, b.key));
  return telling[0]?.surface ?? null;
}

/** Puts the many side left; keys of the catalog decide, then the names of the columns. */
function orient(element: JoinElement, left: SchemaTable, right: SchemaTable, schema: Schema): Oriented {
  const leftColumns = element.pairs.map(([column]) => column);
  const rightColumns = element.pairs.map(([, column]) => column);
  const [leftOne, rightOne] = [
    isUnique(left, leftColumns, right, rightColumns, schema),
    isUnique(right, rightColumns, left, leftColumns, schema),
  ];
  const byName =
    !leftOne && !rightOne && namesItsTable(left, leftColumns) && !namesItsTable(right, rightColumns);
  const swap = (leftOne && !rightOne) || byName;
  const [from, to] = swap ? [right, left] : [left, right];
  const pairs = element.pairs.map(([a, b]): readonly [string, string] => (swap ? [b, a] : [a, b]));
  const stored = (table: SchemaTable, column: string): string =>
    quoteIfNeeded(table.columns.get(column)?.name ?? column);
  const aliasOf = (table: SchemaTable): string => `\`${shortName(table.key)}\``;
  const condition = pairs
    .map(
      ([a, b]) =>
        `${aliasOf(from)}.${backquoted(stored(from, a))} = ${aliasOf(to)}.${backquoted(stored(to, b))}`,
    )
    .join(' AND ');
  return {
    left: from,
    right: to,
    relationship: leftOne && rightOne ? 'ONE_TO_ONE' : 'MANY_TO_ONE',
    condition,
  };
}

const backquoted = (name: string): string => (name.startsWith('`') ? name : `\`${name}\``);

/** Whether the columns identify a row: they hold the primary key, or a foreign key of the other side points at them. */
function isUnique(
  table: SchemaTable,
  columns: readonly string[],
  other: SchemaTable,
  otherColumns: readonly string[],
  schema: Schema,
): boolean {
  if (table.primaryKey.length > 0) return table.primaryKey.every((column) => columns.includes(column));
  return other.foreignKeys.some(
    (key) =>
      schema.table(key.referencedTable)?.key === table.key &&
      key.columns.every((column) => otherColumns.includes(column.toLowerCase())),
  );
}

/** `port_id` of table ports, or a bare `id`. */
const namesItsTable = (table: SchemaTable, columns: readonly string[]): boolean => {
  const singular = shortName(table.key)
    .replace(/(?:_?dim|_?lookup)$/, '')
    .replace(/^dim_/, '')
    .replace(/ies$/, 'y')
    .replace(/s$/, '');
  return (
    columns.length === 1 &&
    columns.every((column) => column === 'id' || column === 'code' || column.startsWith(singular))
  );
};
