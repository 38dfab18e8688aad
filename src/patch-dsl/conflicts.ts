import { canonicalJson } from '../core/index.ts';
import type { AccessMode } from './access.ts';
import type { ConflictRule } from './conflict-rules.ts';
import { CONFLICT_RULES, EXTENDED_CONFLICT_RULES } from './conflict-rules.ts';
import type { AnyPatch } from './define-patch.ts';
import type { NameResolver } from './name-resolver.ts';
import { nameResolver } from './name-resolver.ts';
import { definitionFor, payloadOf } from './patch-payload.ts';
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

interface Entry {
  readonly patch: AnyPatch;
  readonly mode: AccessMode;
}

/**
 * The conflicts of a set: pairs by rule, and patches whose order would change the result.
 *
 * Linear in the number of patches: each one is filed once under every key that it names. A patch that
 * says exactly what another says is no conflict; see {@link dropDuplicates}.
 */
export function findConflicts(patches: readonly AnyPatch[], options: ConflictOptions = {}): Conflict[] {
  const registry = options.registry ?? DEFAULT_REGISTRY;
  const names = nameResolver(options.snapshot);
  const extended = options.parity !== 'strict';
  const filed = file(patches, registry, names);
  const rules = extended ? [...CONFLICT_RULES, ...EXTENDED_CONFLICT_RULES] : CONFLICT_RULES;
  const byRule = ruleConflicts(filed, indexRules(rules));
  return extended ? [...byRule, ...accessConflicts(filed.accesses, byRule)] : byRule;
}

interface Filed {
  /** Patches per object key, then per type. */
  readonly objects: ReadonlyMap<string, ReadonlyMap<string, readonly AnyPatch[]>>;
  readonly containers: ReadonlyMap<string, ReadonlyMap<string, readonly AnyPatch[]>>;
  readonly accesses: ReadonlyMap<string, readonly Entry[]>;
}

function file(patches: readonly AnyPatch[], registry: PatchRegistry, names: NameResolver): Filed {
  const objects = new Map<string, Map<string, AnyPatch[]>>();
  const containers = new Map<string, Map<string, AnyPatch[]>>();
  const accesses = new Map<string, Entry[]>();
  for (const patch of patches) {
    const definition = definitionFor(patch, registry);
    const objectKey = definition.objectKey(patch, names);
    const containerKey = definition.containerKey(patch, names);
    fileUnder(objects, objectKey, patch);
    if (containerKey !== objectKey) fileUnder(containers, containerKey, patch);
    for (const { key, mode } of definition.access(patch, names)) push(accesses, key, { patch, mode });
  }
  return { objects, containers, accesses };
}

function fileUnder(index: Map<string, Map<string, AnyPatch[]>>, key: string, patch: AnyPatch): void {
  let byType = index.get(key);
  if (byType === undefined) index.set(key, (byType = new Map<string, AnyPatch[]>()));
  push(byType, patch.type, patch);
}

function push<T>(index: Map<string, T[]>, key: string, item: T): void {
  const list = index.get(key);
  if (list === undefined) index.set(key, [item]);
  else list.push(item);
}

function indexRules(rules: readonly ConflictRule[]): ReadonlyMap<string, readonly ConflictRule[]> {
  const index = new Map<string, ConflictRule[]>();
  for (const rule of rules) push(index, rule.first, rule);
  return index;
}

function ruleConflicts(
  { objects, containers }: Filed,
  rules: ReadonlyMap<string, readonly ConflictRule[]>,
): Conflict[] {
  const conflicts: Conflict[] = [];
  for (const [key, byType] of objects) {
    for (const [type, firsts] of byType) {
      for (const rule of rules.get(type) ?? []) {
        const others = rule.on === 'object' ? byType : (containers.get(key) ?? NO_PATCHES);
        const seconds = rule.second === '*' ? [...others.values()].flat() : (others.get(rule.second) ?? []);
        if (seconds.length === 0) continue;
        const { number, severity, because } = rule;
        conflicts.push({
          severity,
          key,
          rule: number,
          patchIds: [...firsts, ...seconds].map(({ id }) => id),
          because,
        });
      }
    }
  }
  return conflicts;
}

const NO_PATCHES: ReadonlyMap<string, readonly AnyPatch[]> = new Map();

function accessConflicts(
  accesses: ReadonlyMap<string, readonly Entry[]>,
  byRule: readonly Conflict[],
): Conflict[] {
  const said = new Map<string, Set<number>>();
  byRule.forEach(({ patchIds, severity }, index) => {
    if (severity === 'warning') return;
    for (const id of patchIds) said.set(id, (said.get(id) ?? new Set()).add(index));
  });
  const conflicts: Conflict[] = [];
  for (const [key, entries] of accesses) {
    if (entries.length < 2 || agree(entries)) continue;
    const distinct = dropDuplicates(entries.map(({ patch }) => patch)).kept;
    const left = new Set(distinct);
    const remaining = entries.filter(({ patch }) => left.has(patch));
    if (distinct.length < 2 || agree(remaining) || isSaid(distinct, said)) continue;
    conflicts.push({
      severity: 'error',
      key,
      rule: null,
      patchIds: distinct.map(({ id }) => id),
      because: 'the result would depend on their order',
    });
  }
  return conflicts;
}

/** Whether the accesses of one key can stand together. @see Access */
function agree(entries: readonly Entry[]): boolean {
  let first: AccessMode | undefined;
  let creations = 0;
  let others = 0;
  for (const { mode } of entries) {
    if (mode === 'create') {
      creations += 1;
      continue;
    }
    others += 1;
    const word = mode === 'inside' ? 'read' : mode;
    if (first !== undefined && first !== word) return false;
    if (word === 'write' && others > 1) return false;
    first = word;
  }
  return creations === 0 || (creations === 1 && (others === 0 || first === 'read'));
}

/** Whether one rule has reported all of these patches together. */
function isSaid(patches: readonly AnyPatch[], said: ReadonlyMap<string, ReadonlySet<number>>): boolean {
  const [first, ...rest] = patches.map(({ id }) => said.get(id) ?? new Set<number>());
  return first !== undefined && [...first].some((rule) => rest.every((rules) => rules.has(rule)));
}

/** The patches without those that repeat the type and payload of an earlier one. */
export function dropDuplicates(patches: readonly AnyPatch[]): {
  readonly kept: readonly AnyPatch[];
  readonly dropped: readonly AnyPatch[];
} {
  const seen = new Set<string>();
  const kept: AnyPatch[] = [];
  const dropped: AnyPatch[] = [];
  for (const patch of new Set(patches)) {
    const content = contentKey(patch);
    if (seen.has(content)) dropped.push(patch);
    else kept.push(patch);
    seen.add(content);
  }
  return { kept, dropped };
}

/** Equal for patches of one type and payload, whatever their envelopes. */
export const contentKey = (patch: AnyPatch): string => `${patch.type} ${canonicalJson(payloadOf(patch))}`;
