import { describePatch, patchSchema } from '../patch-dsl/index.ts';

/** A patch as a session keeps it: what every patch has, and whatever its type adds. */
export type RecordedPatch = { readonly id: string; readonly type: string } & Readonly<
  Record<string, unknown>
>;

/** Members that name what a patch changes, the first one present wins. */
const TARGET_KEYS = ['target', 'object_id', 'table', 'function', 'metric_view', 'identifier'] as const;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** What a patch changes; empty for a patch of the space as a whole. */
export const targetOf = (patch: RecordedPatch): string =>
  TARGET_KEYS.map((key) => textOf(patch[key])).find((text) => text !== '') ?? '';

const leverOf = (patch: RecordedPatch): string =>
  typeof patch['lever'] === 'number' ? String(patch['lever']) : 'unknown';
const riskOf = (patch: RecordedPatch): string => textOf(patch['risk_level']) || 'unknown';

const descriptionOf = (patch: RecordedPatch): string => {
  const given = textOf(patch['change_description']);
  if (given !== '') return given;
  const known = patchSchema.safeParse(patch);
  return known.success ? describePatch(known.data) : textOf(patch['description']);
};

/** `patches/patch_summary.json` of a version. @see spec/logged-model-lifecycle.md §3.5 */
export interface PatchSummary {
  readonly iteration: number;
  readonly patch_count: number;
  readonly by_type: Readonly<Record<string, number>>;
  readonly by_lever: Readonly<Record<string, number>>;
  readonly by_risk: Readonly<Record<string, number>>;
  readonly targets: readonly string[];
  readonly patches: readonly {
    readonly type: string;
    readonly target: string;
    readonly lever: string;
    readonly risk: string;
    readonly description: string;
  }[];
}

export function summarizePatches(iteration: number, patches: readonly RecordedPatch[]): PatchSummary {
  const entries = patches.map((patch) => ({
    type: typeNameOf(patch),
    target: targetOf(patch),
    lever: leverOf(patch),
    risk: riskOf(patch),
    description: descriptionOf(patch),
  }));
  const count = (texts: readonly string[]): Record<string, number> => {
    const counts: Record<string, number> = {};
    for (const text of texts) counts[text] = (counts[text] ?? 0) + 1;
    return counts;
  };
  return {
    iteration,
    patch_count: entries.length,
    by_type: count(entries.map(({ type }) => type)),
    by_lever: count(entries.map(({ lever }) => lever)),
    by_risk: count(entries.map(({ risk }) => risk)),
    targets: entries.map(({ target }) => target).filter((target) => target !== ''),
    patches: entries,
  };
}

/** Types in patch order; a patch without one is named after its lever. */
const typeNameOf = (patch: RecordedPatch): string => textOf(patch.type) || `lever_${leverOf(patch)}`;

/** The parameters of a version that tell of its patches. @see spec/logged-model-lifecycle.md §3.2 */
export function patchParams(patches: readonly RecordedPatch[]): Record<string, string> {
  const list = (texts: readonly string[]): string => texts.join(',') || 'none';
  return {
    patch_count: String(patches.length),
    patch_types: list(patches.map(typeNameOf)),
    patch_levers: list(patches.map(leverOf)),
    patch_targets: list(
      patches
        .map(targetOf)
        .filter((target) => target !== '')
        .slice(0, 3),
    ),
    patch_risk_levels: list([...new Set(patches.map(riskOf))].sort()),
  };
}
