import type { Patch } from '../../patch-dsl/index.ts';
import type { CatalogSnapshot } from '../../ports/index.ts';
import type { ExampleSql, Space } from '../../spaces/index.ts';
import type { SqlFacts } from '../../sql/index.ts';
import type { Schema, SchemaTable } from '../schema.ts';
import type { Statement } from './lint/statements.ts';

/** `error`: Genie cannot use it or is told opposite things. `warning`: answers suffer. `info`: an opportunity. */
export const SCAN_SEVERITIES = ['error', 'warning', 'info'] as const;
export type ScanSeverity = (typeof SCAN_SEVERITIES)[number];

/** One thing that a scan found. */
export interface ScanFinding {
  /** Id of the check: `missing_joins`. */
  readonly check: string;
  readonly severity: ScanSeverity;
  /** Objects of the space it concerns, readable: `main.sales.orders#o_custkey`, `general instruction, line 3`. */
  readonly where: readonly string[];
  /** What was found and what it does to answers. */
  readonly message: string;
  /** What to do next. */
  readonly advice: string;
  /** Patches that mend it as they stand; empty where a person must decide. */
  readonly patches: readonly Patch[];
}

/** What a check may read. Nothing here asks Genie or runs a statement. */
export interface ScanContext {
  readonly space: Space;
  /** Empty when the scan was given none; checks that need it then find nothing. */
  readonly catalog: CatalogSnapshot;
  readonly schema: Schema;
  /** Those tables and views of the schema that are in the space. */
  readonly tables: readonly SchemaTable[];
  /** Sentences of instruction, descriptions and snippets, each with its place. */
  readonly statements: readonly Statement[];
  /** Example queries with what their SQL does; empty when only instructions are checked. */
  readonly examples: readonly { readonly example: ExampleSql; readonly facts: SqlFacts }[];
}

/** What a check returns; the scan adds the check's id and the default severity. */
export type CheckFinding = Omit<ScanFinding, 'check' | 'severity' | 'patches'> &
  Partial<Pick<ScanFinding, 'severity' | 'patches'>>;

export interface ScanCheck {
  /** `snake_case`, unique. */
  readonly id: string;
  /** Of its findings, unless one says otherwise. */
  readonly severity: ScanSeverity;
  /** What it looks for and why it matters, in one sentence; for documentation. */
  readonly explains: string;
  /** Reads only what people wrote as rules; also guards new instructions. Default `false`. */
  readonly isLint?: boolean;
  readonly find: (context: ScanContext) => readonly CheckFinding[];
}

/** A check of one's own, with the same rights as the shipped ones. Pass it as `scanSpace(…, { checks })`. */
export const defineScanCheck = (check: ScanCheck): ScanCheck => check;
