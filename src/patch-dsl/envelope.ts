import * as z from 'zod';

/** 1 tables and columns, 2 metric views, 3 functions and filters, 4 monitoring tables, 5 ML tables, 6 the space itself. */
export type PatchLever = 1 | 2 | 3 | 4 | 5 | 6;

export const RISK_LEVELS = ['low', 'medium', 'high'] as const;
export type RiskLevel = (typeof RISK_LEVELS)[number];

/** Weight of a patch in `cost`, by risk. @see spec/patch-dsl.md §11 */
export const RISK_COST: Readonly<Record<RiskLevel, number>> = { low: 1, medium: 2, high: 3 };

/** Where a type writes: the space, Unity Catalog, or both. */
export type PatchScope = 'genie_config' | 'uc' | 'both';

/** The members every patch has, whatever its type. */
export const ENVELOPE_SHAPE = {
  /** Unique within a set, by convention `P001`, `P002`, … Patches that append run in the order of their ids. */
  id: z.string().min(1).max(200),
  lever: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5), z.literal(6)]),
  risk_level: z.enum(RISK_LEVELS),
  /** 0–1. */
  confidence: z.number().min(0).max(1),
  /** Ids of the feedback that the patch answers; may be empty. */
  grounded_in: z.array(z.string()),
  predicted_affected_questions: z.array(z.string()),
  source_proposal_id: z.string().optional(),
  cluster_id: z.string().optional(),
  rationale: z.string().optional(),
} as const;

export const envelopeSchema = z.object(ENVELOPE_SHAPE);
export type PatchEnvelope = z.output<typeof envelopeSchema>;

/** Names of the envelope's members, `type` included. */
export const ENVELOPE_KEYS: ReadonlySet<string> = new Set(['type', ...Object.keys(ENVELOPE_SHAPE)]);
