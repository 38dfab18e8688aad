import {
  joinSpecs,
  exampleSqls,
  locatedDataSources,
  snippets,
  sqlFunctions,
  textInstructions,
  textOf,
  SNIPPET_KINDS,
} from './space-readers.ts';
import type { Space } from './space.ts';

export interface Limit {
  readonly max: number;
  /** `error`: the API refuses more. `warning`: advice, or a limit that can be raised. */
  readonly severity: 'error' | 'warning';
  readonly what: string;
  readonly source: string;
}

/** Every number that bounds a space, with its source. @see spec/databricks-apis.md §3.8 */
export const SPACE_LIMITS = {
  totalBytes: {
    max: 3_500_000,
    severity: 'error',
    what: 'bytes of serialized JSON',
    source: 'vendor reference for the serialized space',
  },
  stringChars: {
    max: 25_000,
    severity: 'error',
    what: 'characters in one string',
    source: 'vendor documentation, validation rules',
  },
  arrayItems: {
    max: 10_000,
    severity: 'error',
    what: 'items in one list',
    source: 'vendor documentation, validation rules',
  },
  dataSources: {
    max: 30,
    severity: 'warning',
    what: 'tables and views',
    source: 'vendor documentation, set-up page; raisable on request',
  },
  textInstructions: { max: 1, severity: 'error', what: 'text instructions', source: 'vendor documentation' },
  instructionSlots: {
    max: 100,
    severity: 'error',
    what: 'instruction slots (text block, example queries, functions)',
    source: 'vendor documentation, tuning page',
  },
  snippetSlots: {
    max: 200,
    severity: 'error',
    what: 'knowledge-store snippets (table descriptions, joins, filters, expressions, measures)',
    source: 'vendor documentation, tuning page',
  },
  benchmarkQuestions: { max: 500, severity: 'error', what: 'benchmark questions', source: 'observed' },
  sqlFunctions: {
    max: 50,
    severity: 'warning',
    what: 'functions',
    source: 'error text "Exceeded maximum number (50)", early 2026',
  },
  entityMatchingColumns: {
    max: 120,
    severity: 'error',
    what: 'columns with entity matching',
    source: 'vendor documentation',
  },
  instructionTextChars: {
    max: 4_000,
    severity: 'warning',
    what: 'characters of general instruction',
    source: 'observed effect on answers',
  },
} as const satisfies Record<string, Limit>;

export interface SlotUse {
  /** Of {@link SPACE_LIMITS}`.instructionSlots`. */
  readonly instructions: number;
  /** Of {@link SPACE_LIMITS}`.snippetSlots`. */
  readonly snippets: number;
}

/** How many of the two counted kinds of slots a space uses. @see spec/databricks-apis.md §3.8 */
export function slotsUsed(space: Space): SlotUse {
  const described = locatedDataSources(space).filter(
    ({ source }) => textOf(source.description) !== '',
  ).length;
  const snippetCount = SNIPPET_KINDS.reduce((sum, kind) => sum + snippets(space, kind).length, 0);
  return {
    instructions:
      Math.min(textInstructions(space).length, 1) + exampleSqls(space).length + sqlFunctions(space).length,
    snippets: described + joinSpecs(space).length + snippetCount,
  };
}
