import { nameKey } from '../../src/core/index.ts';
import { leverOf, makePatch, type Patch, type PatchLever, type Snapshot } from '../../src/patch-dsl/index.ts';
import type { Kind } from './defects.ts';

/** One way to damage the good metadata of a sample. */
export interface Damage {
  /** Id of the piece in the solution; with `>column` where the piece stands at another column instead. */
  readonly id: string;
  /** Patch type of the piece. */
  readonly type: Patch['type'];
  /** Which of the kinds it is; `null` for none of them. */
  readonly kind: Kind | null;
  /** The good metadata after the damage. */
  readonly patches: readonly Patch[];
  /** Levers that may repair it. */
  readonly levers: readonly PatchLever[];
  /** The very lever of the piece. */
  readonly lever: PatchLever;
}

/**
 * Every damage to some good metadata: each piece left out, and each word of a column told of another column instead.
 *
 * @param shipped - the space before any of the good metadata
 */
export const damagesTo = (pieces: readonly Patch[], shipped: Snapshot): readonly Damage[] =>
  pieces.flatMap((piece) => {
    const lever = leverOf(piece, shipped);
    const rest = pieces.filter((other) => other !== piece);
    const damage = { id: piece.id, type: piece.type, lever, levers: leversOf(piece, shipped) };
    const left: Damage = { ...damage, kind: kindOf(piece, lever), patches: rest };
    const misplaced = misplacedIn(piece, pieces, shipped);
    if (misplaced === null) return [left];
    return [
      left,
      {
        ...damage,
        id: `${piece.id}>${misplaced.column}`,
        kind: lever === 4 ? 'stale monitoring note' : 'misleading description',
        patches: [...rest, misplaced],
      },
    ];
  });

/** The kind of defect that a piece leaves behind when it is missing. */
function kindOf(piece: Patch, lever: PatchLever): Kind | null {
  if (piece.type === 'add_instruction')
    return conditionIn(piece.text) === undefined ? 'competing assets' : 'missing filter rule';
  if (piece.type === 'update_tvf_comment') return piece.sections?.params === undefined ? null : 'TVF format';
  if (lever === 5 && DESCRIBING.has(piece.type)) return 'undocumented prediction column';
  return KIND_OF_MISSING[piece.type] ?? null;
}

const DESCRIBING: ReadonlySet<Patch['type']> = new Set([
  'add_synonym',
  'add_column_description',
  'add_description',
]);
const KIND_OF_MISSING: Readonly<Partial<Record<Patch['type'], Kind>>> = {
  add_synonym: 'missing synonym',
  add_join: 'missing join',
  add_sql_snippet_filter: 'missing filter rule',
  add_sql_snippet_measure: 'missing measure',
};

const conditionIn = (text: string): string | undefined =>
  /[\w.]+\s*(?:=|<>|<|>)\s*(?:'[^']*'|\d+)/.exec(text)?.[0];

/** A description with the words of one column at another column of its table and type, which has none. */
function misplacedIn(
  piece: Patch,
  pieces: readonly Patch[],
  { catalog }: Snapshot,
): (Patch & { readonly type: 'add_column_description' }) | null {
  if (piece.type !== 'add_synonym') return null;
  const table = catalog.tables.find(({ name }) => nameKey(name) === nameKey(piece.table));
  const own = table?.columns.find(({ name }) => name.toLowerCase() === piece.column.toLowerCase());
  const isSpokenOf = (column: string): boolean =>
    pieces.some(
      (other) =>
        (other.type === 'add_synonym' || other.type === 'add_column_description') &&
        nameKey(other.table) === nameKey(piece.table) &&
        other.column.toLowerCase() === column.toLowerCase(),
    );
  const rival = table?.columns.find(
    ({ name, type, comment }) =>
      type === own?.type && name !== own.name && (comment ?? '') === '' && !isSpokenOf(name),
  );
  if (table === undefined || rival === undefined) return null;
  return makePatch(
    'add_column_description',
    { table: table.name, column: rival.name, text: `The ${piece.synonym}` },
    { id: `${piece.id}X` },
  );
}

const DEFAULT_FILTER_LEVER = 3;

/**
 * The levers that may put a piece back. What a filter says may be a named condition of its table or a default filter
 * (lever 3); a rule of an instruction may be either as well, and a route is told on both assets before it is told in
 * an instruction.
 *
 * @see spec/asi-clustering-levers.md §1, §5
 */
function leversOf(piece: Patch, snapshot: Snapshot): readonly PatchLever[] {
  const own = leverOf(piece, snapshot);
  if (piece.type === 'add_sql_snippet_filter') return [own, DEFAULT_FILTER_LEVER];
  if (piece.type !== 'add_instruction') return [own];
  const condition = conditionIn(piece.text);
  if (condition === undefined) return [own, 1, 2, 3];
  const filter = makePatch(
    'add_sql_snippet_filter',
    { display_name: 'rule', sql: condition },
    { id: 'R', snapshot },
  );
  return [own, leverOf(filter, snapshot), DEFAULT_FILTER_LEVER];
}
