import { LEVERS, type Lever } from '../../src/levers/index.ts';
import type { Space } from '../../src/spaces/index.ts';

/** A space without one piece of its metadata. */
export interface Piece {
  readonly name: string;
  /** Levers that could put it back. */
  readonly levers: readonly Lever[];
  readonly without: Space;
}

/** Columns and tables are described by the lever of their table; the space says the rest itself. */
const OF_TABLES = LEVERS.filter((lever) => lever !== 6);

/** Every piece that can be taken out: words, descriptions and look-ups of columns, descriptions of tables, joins, snippets, rules. */
export function piecesOf(space: Space): readonly Piece[] {
  const pieces: Piece[] = [];
  const add = (name: string, levers: readonly Lever[], take: (copy: Space) => void): void => {
    const without = structuredClone(space);
    take(without);
    pieces.push({ name, levers, without });
  };
  for (const list of ['tables', 'metric_views'] as const) {
    for (const [at, source] of (space.data_sources?.[list] ?? []).entries()) {
      const own = (copy: Space) => copy.data_sources?.[list]?.[at];
      if (source.description !== undefined)
        add(`description of ${source.identifier}`, OF_TABLES, (copy) => delete own(copy)?.description);
      for (const [index, column] of (source.column_configs ?? []).entries())
        add(`column ${source.identifier}.${column.column_name}`, OF_TABLES, (copy) => {
          own(copy)?.column_configs?.splice(index, 1);
        });
    }
  }
  const { join_specs = [], sql_snippets, text_instructions = [] } = space.instructions ?? {};
  for (const [at, join] of join_specs.entries())
    add(`join ${join.left.identifier} – ${join.right.identifier}`, [1], (copy) =>
      copy.instructions?.join_specs?.splice(at, 1),
    );
  for (const kind of ['filters', 'expressions', 'measures'] as const) {
    for (const [at, snippet] of (sql_snippets?.[kind] ?? []).entries())
      add(`${kind}: ${snippet.display_name ?? snippet.id}`, OF_TABLES, (copy) =>
        copy.instructions?.sql_snippets?.[kind]?.splice(at, 1),
      );
  }
  if (text_instructions.length > 0)
    add('text instruction', LEVERS, (copy) => {
      if (copy.instructions !== undefined) copy.instructions.text_instructions = [];
    });
  return pieces;
}
