import * as z from 'zod';
import { OptimizerError } from '../core/index.ts';
import { describeChange } from '../spaces/index.ts';
import type { SlotUse, SpaceChange } from '../spaces/index.ts';
import type { PatchLever, RiskLevel } from './envelope.ts';
import { RISK_LEVELS } from './envelope.ts';
import type { Step } from './step.ts';

/** What one patch of a plan does. */
export interface PlannedPatch {
  readonly patch_id: string;
  readonly type: string;
  readonly lever: PatchLever;
  readonly risk: RiskLevel;
  readonly description: string;
  readonly steps: readonly Step[];
}

/**
 * The exact effect of a patch set on one state: plain JSON, safe to store and to apply later.
 *
 * The inverse is a plan too; see {@link invertPlan}.
 */
export interface PatchPlan {
  readonly schema_version: 1;
  /** In the order of execution. */
  readonly patches: readonly PlannedPatch[];
  /** Patches whose effect is there already; reverting the plan leaves them alone. */
  readonly noops: readonly { readonly patch_id: string; readonly type: string; readonly reason: string }[];
  /** Hash of the canonical text of the space before and after. */
  readonly before_hash: string;
  readonly after_hash: string;
  readonly diff: readonly SpaceChange[];
  /** The diff and the statements as lines for people. */
  readonly diff_lines: readonly string[];
  /** Statements for Unity Catalog in order, with the statement that undoes each. */
  readonly statements: readonly {
    readonly patch_id: string;
    readonly object: string;
    readonly sql: string;
    readonly inverse_sql: string;
  }[];
  readonly slots: { readonly before: SlotUse; readonly after: SlotUse };
  /** Sum of risk weights (low 1, medium 2, high 3) of the patches that change something. */
  readonly cost: number;
  /** Lower-case names of tables, `table.column`s and functions that questions may depend on. */
  readonly touched: readonly string[];
}

const segment = z.union([z.string(), z.strictObject({ by: z.string(), is: z.string() })]);
const sides = { path: z.array(segment), from: z.unknown().optional(), to: z.unknown().optional() };
const step = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('space'), ...sides }),
  z.strictObject({
    kind: z.literal('catalog'),
    object: z.string(),
    sql: z.string(),
    inverse_sql: z.string(),
    ...sides,
  }),
]);
const slotUse = z.strictObject({ instructions: z.number(), snippets: z.number() });
const lever = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5), z.literal(6)]);

/** Reads a stored plan; strict, because a plan is written by this library alone. */
export const patchPlanSchema = z.strictObject({
  schema_version: z.literal(1),
  patches: z.array(
    z.strictObject({
      patch_id: z.string(),
      type: z.string(),
      lever,
      risk: z.enum(RISK_LEVELS),
      description: z.string(),
      steps: z.array(step),
    }),
  ),
  noops: z.array(z.strictObject({ patch_id: z.string(), type: z.string(), reason: z.string() })),
  before_hash: z.string(),
  after_hash: z.string(),
  diff: z.array(
    z.strictObject({
      kind: z.enum(['added', 'removed', 'changed']),
      path: z.array(segment),
      what: z.string(),
      before: z.unknown().optional(),
      after: z.unknown().optional(),
    }),
  ),
  diff_lines: z.array(z.string()),
  statements: z.array(
    z.strictObject({ patch_id: z.string(), object: z.string(), sql: z.string(), inverse_sql: z.string() }),
  ),
  slots: z.strictObject({ before: slotUse, after: slotUse }),
  cost: z.number(),
  touched: z.array(z.string()),
});

/** A state that is not the one a plan was made for. The message names the first path that differs. Code `PLAN_MISMATCH`. */
export class PlanMismatchError extends OptimizerError {
  constructor(place: string, problem: string, fix: string, details: Readonly<Record<string, unknown>> = {}) {
    super(`The plan does not fit at ${place}: ${problem}. ${fix}`, {
      code: 'PLAN_MISMATCH',
      details: { path: place, ...details },
    });
  }
}

/** The statements of planned patches, in order. */
export const statementsOf = (patches: readonly PlannedPatch[]): PatchPlan['statements'] =>
  patches.flatMap(({ patch_id, steps }) =>
    steps.flatMap((step) =>
      step.kind === 'catalog'
        ? [{ patch_id, object: step.object, sql: step.sql, inverse_sql: step.inverse_sql }]
        : [],
    ),
  );

/** Lines for people: what changes in the space, then the statements. */
export const diffLines = (diff: readonly SpaceChange[], statements: PatchPlan['statements']): string[] => [
  ...diff.map(describeChange),
  ...statements.map(({ sql }) => sql),
];
