import type { CatalogSnapshot } from '../../ports/index.ts';
import type { Space } from '../../spaces/index.ts';
import { columnCodes, type ColumnCode } from './column-codes.ts';
import { instructionRules, type InstructionRules } from './instructions.ts';
import { joinEdges, type JoinEdge } from './join-graph.ts';
import { buildLexicon, type Lexicon } from './lexicon.ts';
import { schemaOf, type Schema } from './schema.ts';
import type { ColumnValues } from './value-links.ts';
import { targetsOf, type SnippetTarget, type Target } from './targets.ts';

/** All that the engine knows of one space: made once per space and catalog, read by every question. */
export interface Knowledge {
  readonly space: Space;
  readonly schema: Schema;
  readonly rules: InstructionRules;
  readonly targets: readonly Target[];
  readonly filters: readonly SnippetTarget[];
  readonly lexicon: Lexicon;
  readonly joins: readonly JoinEdge[];
  readonly codes: readonly ColumnCode[];
  /** Column values read so far, by column. */
  readonly values: Map<string, ColumnValues>;
}

export function learn(space: Space, catalog: CatalogSnapshot): Knowledge {
  const schema = schemaOf(space, catalog);
  const rules = instructionRules(space, schema);
  const targets = targetsOf(space, schema, rules);
  return {
    space,
    schema,
    rules,
    targets,
    filters: targets.filter((target): target is SnippetTarget => target.kind === 'filter'),
    lexicon: buildLexicon(targets, rules, schema),
    joins: joinEdges(space, schema),
    values: new Map(),
    codes: schema.assets
      .filter((asset) => asset.kind !== 'function')
      .flatMap((asset) => asset.columns.flatMap(columnCodes)),
  };
}
