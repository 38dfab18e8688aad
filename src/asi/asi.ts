import * as z from 'zod';
import { FAILURE_TYPES } from './taxonomy.ts';

export const SEVERITIES = ['critical', 'major', 'minor', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

/**
 * Actionable side information: why a judge said no, and which metadata is to blame.
 *
 * @see spec/asi-clustering-levers.md §2
 */
export const asiSchema = z.looseObject({
  failure_type: z.enum(FAILURE_TYPES),
  /** Label before normalisation, when it was outside the taxonomy. */
  failure_type_raw: z.string().nullable().default(null),
  severity: z.enum(SEVERITIES).default('minor'),
  confidence: z.number().min(0).max(1).default(0.5),
  /** SELECT, FROM, WHERE, JOIN, GROUP BY, ORDER BY, MEASURE. */
  wrong_clause: z.string().nullable().default(null),
  /** Objects to blame: `c.s.table`, `c.s.table.column`, function names, or `asset_routing:MV`. */
  blame_set: z.array(z.string()).default([]),
  quoted_metadata_text: z.string().nullable().default(null),
  missing_metadata: z.string().nullable().default(null),
  ambiguity_detected: z.boolean().default(false),
  expected_value: z.string().nullable().default(null),
  actual_value: z.string().nullable().default(null),
  /** The metadata change that would have avoided the failure; names the object to change. */
  counterfactual_fix: z.string().nullable().default(null),
  affected_question_pattern: z.string().nullable().default(null),
});

export type Asi = z.infer<typeof asiSchema>;

/** Where a record came from, most trusted first. @see spec/asi-clustering-levers.md §3 */
export const ASI_SOURCES = [
  'uc_table',
  'row_metadata',
  'assessments',
  'flat_columns',
  'sql_difference',
  'rationale',
] as const;
export type AsiSource = (typeof ASI_SOURCES)[number];

/** One judge's failing verdict on one question. */
export interface AsiRecord {
  readonly question_id: string;
  readonly judge: string;
  readonly asi: Asi;
  readonly rationale: string;
  /** Absent while it is where the judge put it. */
  readonly asi_source?: AsiSource | undefined;
}
