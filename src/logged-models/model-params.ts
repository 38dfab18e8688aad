import { dataSources, instructionText, sqlFunctions, type Space } from '../spaces/index.ts';
import type { MetadataDiff } from './metadata-diff.ts';
import type { UcMetadata } from './metadata.ts';
import { patchParams, type RecordedPatch } from './patch-summary.ts';

/** Longest value of a parameter that every service takes. @see spec/logged-model-lifecycle.md §3.2 */
export const PARAM_LIMIT = 250;
const PREVIEW_LENGTH = 200;

/** Cuts a value to the limit, with an ellipsis to show it; never through a surrogate pair. */
export const truncate = (value: string, limit = PARAM_LIMIT): string =>
  value.length <= limit ? value : `${value.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;

/** How many assets of each kind a space has. */
export const assetCounts = (space: Space) => {
  const tables = space.data_sources?.tables?.length ?? 0;
  const metricViews = space.data_sources?.metric_views?.length ?? 0;
  const functions = sqlFunctions(space).length;
  return { tables, metricViews, functions, all: dataSources(space).length + functions };
};

/** The counts that a creation run logs as metrics, and a model as parameters. */
export function metadataCounts(metadata: UcMetadata, diff: MetadataDiff | null): Record<string, number> {
  return {
    uc_columns_count: metadata.columns.length,
    uc_tags_count: metadata.tags.length + metadata.column_tags.length,
    uc_routines_count: metadata.routines.length,
    ...(diff === null
      ? {}
      : {
          uc_columns_changed: diff.summary.columns_changed,
          uc_tags_changed: diff.summary.tags_changed,
          uc_routines_changed: diff.summary.routines_changed,
        }),
  };
}

export interface ModelFacts {
  readonly spaceId: string;
  readonly iteration: number;
  readonly domain: string;
  readonly space: Space;
  readonly configHash: string;
  readonly patches: readonly RecordedPatch[];
  readonly parentModelId: string | null;
  readonly promptVersions: Readonly<Record<string, string>>;
  readonly ucSchema: string;
  readonly metadata: UcMetadata;
  readonly diff: MetadataDiff | null;
  /** `none`: no parent. `failed`: it has one whose state could not be read. */
  readonly diffStatus: 'none' | 'ok' | 'failed';
}

/** Parameters of a version: texts of at most 250 characters. @see spec/logged-model-lifecycle.md §3.2 */
export function modelParams(facts: ModelFacts): Record<string, string> {
  const { space } = facts;
  const counts = assetCounts(space);
  const instructions = instructionText(space);
  const params: Record<string, string> = {
    space_id: facts.spaceId,
    iteration: String(facts.iteration),
    domain: facts.domain,
    config_hash: facts.configHash,
    instruction_char_count: String(instructions.length),
    data_asset_count: String(counts.all),
    mv_count: String(counts.metricViews),
    tvf_count: String(counts.functions),
    table_count: String(counts.tables),
    instruction_preview: instructions.slice(0, PREVIEW_LENGTH).replace(/[\uD800-\uDBFF]$/, ''),
    ...patchParams(facts.patches),
    parent_model_id: facts.parentModelId ?? 'none',
    prompt_versions: JSON.stringify(facts.promptVersions),
    uc_schema: facts.ucSchema,
    uc_diff_status: facts.diffStatus,
    ...Object.fromEntries(
      Object.entries(metadataCounts(facts.metadata, facts.diff)).map(([key, value]) => [key, String(value)]),
    ),
  };
  return Object.fromEntries(Object.entries(params).map(([key, value]) => [key, truncate(value)]));
}
