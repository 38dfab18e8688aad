import type { AssetKind, Split } from '../../src/benchmarks/index.ts';

/** The kinds of defect that the bars are set for. */
export const NINE_KINDS = [
  'missing synonym',
  'misleading description',
  'missing join',
  'missing filter rule',
  'competing assets',
  'missing measure',
  'TVF format',
  'stale monitoring note',
  'undocumented prediction column',
] as const;
export type Kind = (typeof NINE_KINDS)[number];

export const DEFECTS = [...NINE_KINDS, 'metric view measure without words'] as const;
export type Defect = (typeof DEFECTS)[number];

/** A question with its answer key. */
export interface PlantedQuestion {
  readonly id: string;
  readonly question: string;
  readonly expected_sql: string;
  readonly expected_asset: AssetKind;
  readonly split: Split;
  /** The piece of metadata that the question needs; `null` when names alone answer it. */
  readonly needs: Defect | null;
}
