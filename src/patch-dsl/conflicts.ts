import type { ConflictRule } from './conflict-rules.ts';
import { CONFLICT_RULES, EXTENDED_CONFLICT_RULES } from './conflict-rules.ts';
import type { AnyPatch } from './define-patch.ts';
import { nameResolver } from './name-resolver.ts';
import { filePatches } from './meeting-place.ts';
import type { Disagreement, Place } from './meeting-place.ts';
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
  /** All patches concerned, in the order of the set. */
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
 * Linear in the number of patches: each one is filed once under its object, its container and what else it
 * touches; what it does to a part of its object is asked only where several patches meet. A patch that
 * says exactly what another says is no conflict; see {@link dropDuplicates}.
 */
export function findConflicts(patches: readonly AnyPatch[], options: ConflictOptions = {}): Conflict[] {
  const registry = options.registry ?? DEFAULT_REGISTRY;
  const names = nameResolver(options.snapshot);
  const extended = options.parity !== 'strict';
  const rules = indexRules(extended ? [...CONFLICT_RULES, ...EXTENDED_CONFLICT_RULES] : CONFLICT_RULES);
  const byRule: Conflict[] = [];
  const disagreements: Disagreement[] = [];
  for (const [key, place] of filePatches(patches, registry, names)) {
    if (place.isLonely()) continue;
    addRuleConflicts(key, place, rules, byRule);
    if (extended) disagreements.push(...place.disagreements(key, names, registry));
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
  key: string,
  place: Place,
  rules: ReadonlyMap<string, readonly ConflictRule[]>,
  conflicts: Conflict[],
): void {
  const { types } = place;
  for (const type of types) {
    for (const { first, second, on, number, severity, because } of rules.get(type) ?? []) {
      if (on === 'object' && !types.includes(second)) continue;
      const others = on === 'object' ? place.own : place.within;
      const seconds = others.filter((patch) => second === '*' || patch.type === second);
      if (seconds.length === 0) continue;
      const firsts = place.own.filter((patch) => patch.type === first);
      const patchIds = [...firsts, ...seconds].map(({ id }) => id);
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
    .filter(({ patches }) => !isSaid(patches, said))
    .map(({ key, patches }) => ({
      severity: 'error',
      key,
      rule: null,
      patchIds: patches.map(({ id }) => id),
      because: 'the result would depend on their order',
    }));
}

/** Whether one rule has reported all of these patches together. */
function isSaid(patches: readonly AnyPatch[], said: ReadonlyMap<string, ReadonlySet<number>>): boolean {
  const [first, ...rest] = patches;
  const rules = first === undefined ? undefined : said.get(first.id);
  return rules !== undefined && [...rules].some((rule) => rest.every(({ id }) => said.get(id)?.has(rule)));
}
