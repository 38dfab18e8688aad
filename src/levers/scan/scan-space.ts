import { leverOf, planPatchSet, type Patch } from '../../patch-dsl/index.ts';
import { EMPTY_CATALOG, type CatalogSnapshot } from '../../ports/index.ts';
import { exampleSqls, textOf, type Space } from '../../spaces/index.ts';
import { analyzeSql } from '../../sql/index.ts';
import { buildSchema } from '../schema.ts';
import {
  SCAN_SEVERITIES,
  type ScanCheck,
  type ScanContext,
  type ScanFinding,
  type ScanSeverity,
} from './check.ts';
import { SCAN_CHECKS } from './checks/index.ts';
import { statementsOf } from './lint/statements.ts';

export interface ScanOptions {
  /** Unity Catalog as the space sees it. Without it, what needs the catalog is not checked. */
  readonly catalog?: CatalogSnapshot | undefined;
  /** Default: {@link SCAN_CHECKS}. Add your own with `[...SCAN_CHECKS, mine]`. */
  readonly checks?: readonly ScanCheck[] | undefined;
}

export interface ScanReport {
  /** Worst first; within a severity in the order of the checks. */
  readonly findings: readonly ScanFinding[];
  readonly counts: Readonly<Record<ScanSeverity, number>>;
  /** Ids of all checks that ran, found something or not. */
  readonly checks: readonly string[];
  /** Patches of all findings, ids `S001` …, each of which plans without an error against the space. */
  readonly patches: readonly Patch[];
}

/**
 * Looks a space over without asking Genie or running a statement.
 *
 * Every ready patch was planned against the space: one that would fail is left out, and its finding keeps the advice.
 */
export async function scanSpace(space: Space, options: ScanOptions = {}): Promise<ScanReport> {
  const { catalog = EMPTY_CATALOG, checks = SCAN_CHECKS } = options;
  const context = contextOf(space, catalog);
  const known = [...context.schema.tables.values()].map((table) => ({
    name: table.key,
    columns: [...table.columns.keys()],
  }));
  const examples = await Promise.all(
    exampleSqls(space).map(async (example) => ({
      example,
      facts: await analyzeSql(textOf(example.sql), { tables: known }),
    })),
  );
  const found = runChecks(checks, { ...context, examples });
  const findings = numbered(
    SCAN_SEVERITIES.flatMap((severity) => found.filter((finding) => finding.severity === severity)),
    { space, catalog },
  );
  return {
    findings,
    counts: {
      error: findings.filter(({ severity }) => severity === 'error').length,
      warning: findings.filter(({ severity }) => severity === 'warning').length,
      info: findings.filter(({ severity }) => severity === 'info').length,
    },
    checks: checks.map(({ id }) => id),
    patches: findings.flatMap(({ patches }) => patches),
  };
}

/**
 * What the rules of a space say against each other: the part of a scan that reads only what people wrote.
 *
 * Synchronous, so that a guard can ask before every proposal.
 */
export function lintInstructions(space: Space, catalog: CatalogSnapshot = EMPTY_CATALOG): ScanFinding[] {
  const lints = SCAN_CHECKS.filter(({ isLint }) => isLint === true);
  return runChecks(lints, { ...contextOf(space, catalog), examples: [] });
}

/** Findings that a change of the space brought: those whose message the space did not cause before. */
export const newLintFindings = (
  before: Space,
  after: Space,
  catalog: CatalogSnapshot = EMPTY_CATALOG,
): ScanFinding[] => lintSince(before, catalog)(after);

/** As {@link newLintFindings}, for many changes of one space, which is looked at when the first of them comes. */
export function lintSince(before: Space, catalog: CatalogSnapshot): (after: Space) => ScanFinding[] {
  const keyOf = ({ check, message }: ScanFinding): string => `${check} ${message}`;
  let known: ReadonlySet<string> | null = null;
  return (after) => {
    const told = (known ??= new Set(lintInstructions(before, catalog).map(keyOf)));
    return lintInstructions(after, catalog).filter((finding) => !told.has(keyOf(finding)));
  };
}

function contextOf(space: Space, catalog: CatalogSnapshot): Omit<ScanContext, 'examples'> {
  const schema = buildSchema(space, catalog);
  const tables = [...schema.tables.values()].filter(({ inSpace }) => inSpace);
  return { space, catalog, schema, tables, statements: statementsOf(space) };
}

const runChecks = (checks: readonly ScanCheck[], context: ScanContext): ScanFinding[] =>
  checks.flatMap((check) =>
    check.find(context).map((finding) => ({
      severity: check.severity,
      patches: [],
      ...finding,
      check: check.id,
    })),
  );

/** Gives the patches their ids; those of one finding belong together and go together. */
function numbered(
  findings: readonly ScanFinding[],
  snapshot: { readonly space: Space; readonly catalog: CatalogSnapshot },
): ScanFinding[] {
  let count = 0;
  return findings.map((finding) => {
    if (finding.patches.length === 0) return finding;
    // A check need not know whose asset a table is; the snapshot does.
    const levelled = finding.patches.map((patch) => ({ ...patch, lever: leverOf(patch, snapshot) }));
    const plan = planPatchSet(
      snapshot,
      levelled.map((patch, at) => ({ ...patch, id: `S${at + 1}` })),
      { maxObjects: null, maxPatches: null },
    );
    if (!plan.ok) return { ...finding, patches: [] };
    return {
      ...finding,
      patches: levelled.map((patch) => ({
        ...patch,
        id: `S${String(++count).padStart(3, '0')}`,
        rationale: finding.message,
      })),
    };
  });
}
