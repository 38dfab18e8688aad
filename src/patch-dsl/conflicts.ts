import type { ConflictRule } from './conflict-rules.ts';
import { CONFLICT_RULES, EXTENDED_CONFLICT_RULES } from './conflict-rules.ts';
import type { AnyPatch } from './define-patch.ts';
import { nameResolver } from './name-resolver.ts';
import { disagreementsAt } from './disagreements.ts';
import type { Disagreement } from './disagreements.ts';
import { FiledPatches } from './filed-patches.ts';
import type { Place } from './filed-patches.ts';
import type { PatchRegistry } from './registry.ts';
import { DEFAULT_REGISTRY } from './registry.ts';
import type { Snapshot } from './snapshot.ts';

/** Patches that cannot stand in one set. */
export interface Conflict {
  readonly severity: 'error' | 'warning';
  /** What they meet on: `column:main.s.orders#o_status/description`. */
  readonly key: string;
  /** Number of the rule; `null` when it follows from what the patches read and write. */
  readonly rule: number | null;
  /** All patches concerned, grouped by type, each group in the order of the set. */
  readonly patchIds: readonly string[];
  readonly because: string;
}

export interface ConflictOptions {
  readonly registry?: PatchRegistry;
  /** Resolves short names and join ids, so that two spellings of one object meet. */
  readonly snapshot?: Snapshot;
  /** `strict`: the sixteen pairs alone. Default `extended`: further rules and computed conflicts too. */
  readonly parity?: 'strict' | 'extended';
}

/**
 * The conflicts of a set: pairs by rule, and patches whose order would change the result.
 *
 * Linear in the number of patches: each one is filed once under its object and what else it touches, each object
 * once in its container; what a patch does to a part of its object is asked only where several patches meet. A patch that
 * says exactly what another says is no conflict; see {@link dropDuplicates}.
 */
export function findConflicts(patches: readonly AnyPatch[], options: ConflictOptions = {}): Conflict[] {
  const registry = options.registry ?? DEFAULT_REGISTRY;
  const names = nameResolver(options.snapshot);
  const extended = options.parity !== 'strict';
  const rules = indexRules(extended ? [...CONFLICT_RULES, ...EXTENDED_CONFLICT_RULES] : CONFLICT_RULES);
  const byRule: Conflict[] = [];
  const disagreements: Disagreement[] = [];
  const filed = new FiledPatches(patches, registry, names);
  for (const place of filed.places()) {
    addRuleConflicts(place, filed, rules, byRule);
    if (extended) disagreements.push(...disagreementsAt(place, filed, names));
  }
  return [...byRule, ...accessConflicts(disagreements, byRule)];
}

function indexRules(rules: readonly ConflictRule[]): ReadonlyMap<string, readonly ConflictRule[]> {
  const index = new Map<string, ConflictRule[]>();
  for (const rule of rules) {
    const list = index.get(rule.first);
    if (list === undefined) index.set(rule.first, [rule]);
    else list.push(rule);
  }
  return index;
}

function addRuleConflicts(
  { key, groups, within }: Place,
  filed: FiledPatches,
  rules: ReadonlyMap<string, readonly ConflictRule[]>,
  conflicts: Conflict[],
): void {
  for (const group of groups) {
    for (const { second, on, number, severity, because } of rules.get(group.definition.type) ?? []) {
      const seconds = (on === 'object' ? groups : within).filter(
        ({ definition }) => second === '*' || definition.type === second,
      );
      if (seconds.length === 0) continue;
      const patchIds: string[] = [];
      for (const one of [group, ...seconds]) filed.forEach(one, ({ id }) => patchIds.push(id));
      conflicts.push({ severity, key, rule: number, patchIds, because });
    }
  }
}

function accessConflicts(disagreements: readonly Disagreement[], byRule: readonly Conflict[]): Conflict[] {
  if (disagreements.length === 0) return [];
  const said = new Map<string, Set<number>>();
  byRule.forEach(({ patchIds, severity }, index) => {
    if (severity === 'warning') return;
    for (const id of patchIds) {
      const rules = said.get(id);
      if (rules === undefined) said.set(id, new Set([index]));
      else rules.add(index);
    }
  });
  return disagreements
    .filter(({ patchIds }) => !isSaid(patchIds, said))
    .map(({ key, patchIds }) => ({
      severity: 'error',
      key,
      rule: null,
      patchIds,
      because: 'the result would depend on their order',
    }));
}

/** Whether one rule has reported all of these patches together. */
function isSaid(ids: readonly string[], said: ReadonlyMap<string, ReadonlySet<number>>): boolean {
  const rules = said.get(ids[0] ?? '');
  return rules !== undefined && [...rules].some((rule) => ids.every((id) => said.get(id)?.has(rule)));
}
