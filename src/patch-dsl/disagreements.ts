import { INSIDE_OBJECT } from './access.ts';
import type { AccessMode, PartAccess } from './access.ts';
import type { AnyPatch, AnyPatchDefinition } from './define-patch.ts';
import type { FiledPatches, Place } from './filed-patches.ts';
import type { NameResolver } from './name-resolver.ts';
import { PartMap } from './part-map.ts';
import { sameContent } from './same-content.ts';

/** Patches whose accesses to one part do not agree; at least two that say different things. */
export interface Disagreement {
  readonly key: string;
  /** Grouped by type, each group in the order of the set. */
  readonly patchIds: readonly string[];
}

/** The disagreements of the patches that meet at a place. */
export function disagreementsAt(place: Place, filed: FiledPatches, names: NameResolver): Disagreement[] {
  const suspects = suspectParts(place, filed, names);
  if (suspects === null) return [];
  visitAccesses(place, filed, names, (access, patch, definition) =>
    suspects.get(access)?.add(patch, access.mode, definition),
  );
  return [...suspects.entries()]
    .filter(([, { disagree }]) => disagree)
    .map(([part, { patchIds }]) => ({ key: `${place.key}${part}`, patchIds }));
}

/** Whether two patches add to one list whose order is content. */
export function haveTwoAppends(place: Place, filed: FiledPatches, names: NameResolver): boolean {
  const seen = new PartMap<AnyPatch>();
  let two = false;
  visitAccesses(place, filed, names, (access, patch) => {
    if (access.mode !== 'append') return;
    const before = seen.get(access);
    two ||= before !== undefined && before !== patch;
    seen.set(access, patch);
  });
  return two;
}

function visitAccesses(
  { groups, within, guests }: Place,
  filed: FiledPatches,
  names: NameResolver,
  visit: (access: PartAccess, patch: AnyPatch, definition: AnyPatchDefinition) => void,
): void {
  for (const group of groups) {
    const { definition } = group;
    filed.forEach(group, (patch) => {
      for (const access of definition.fixedParts) visit(access, patch, definition);
      for (const access of definition.ownParts?.(patch, names) ?? []) visit(access, patch, definition);
    });
  }
  for (const group of within) filed.forEach(group, (patch) => visit(INSIDE_OBJECT, patch, group.definition));
  for (const { patch, definition, access } of guests) visit({ part: '', ...access }, patch, definition);
}

/** Parts with modes that do not agree, though maybe of patches that say the same; `null` when there are none. */
function suspectParts(
  { groups, within, guests }: Place,
  filed: FiledPatches,
  names: NameResolver,
): PartMap<Meeting> | null {
  const modes = new PartMap<Together>();
  let suspects: PartMap<Meeting> | null = null;
  const see = (access: PartAccess): void => {
    const seen = modes.get(access);
    const next = together(seen, access.mode);
    if (next !== null) {
      if (next !== seen) modes.set(access, next);
      return;
    }
    suspects ??= new PartMap();
    if (suspects.get(access) === undefined) suspects.set(access, new Meeting());
  };
  for (const group of groups) {
    const { fixedParts, ownParts } = group.definition;
    for (const access of fixedParts) {
      see(access);
      // Whether a mode agrees with itself shows with the second patch; more of them tell nothing new.
      if (group.count > 1) see(access);
    }
    if (ownParts === null) continue;
    filed.forEach(group, (patch) => {
      for (const access of ownParts(patch, names)) see(access);
    });
  }
  if (within.length > 0) see(INSIDE_OBJECT);
  for (const { access } of guests) see({ part: '', ...access });
  return suspects;
}

/** The modes seen on one part, as far as they matter for the next one. */
type Together = AccessMode | 'create+read';

/** What one more access makes of the modes seen so far; `null` when it does not agree with them. @see AccessMode */
function together(seen: Together | undefined, mode: AccessMode): Together | null {
  const word = mode === 'inside' ? 'read' : mode;
  if (seen === undefined) return word;
  if (seen === word) return word === 'write' || word === 'create' ? null : word;
  if (word === 'read') {
    if (seen === 'create') return 'create+read';
    return seen === 'create+read' || seen === 'append' ? seen : null;
  }
  if (seen !== 'read') return null;
  return word === 'create' ? 'create+read' : word === 'append' ? word : null;
}

/** The patches that access one part. */
class Meeting {
  readonly patchIds: string[] = [];
  #modes: Together | undefined;
  #agree = true;
  #first: AnyPatch | undefined;
  #last: AnyPatch | undefined;
  /** The first patch that wants the part for itself. */
  #owner: AnyPatch | undefined;
  /** Whether the patches say different things; one that is only repeated is in conflict with nobody. */
  #differ = false;

  get disagree(): boolean {
    return !this.#agree && this.#differ;
  }

  add(patch: AnyPatch, mode: AccessMode, definition: AnyPatchDefinition): void {
    if (patch !== this.#last) this.patchIds.push(patch.id);
    this.#last = patch;
    if (this.disagree) return;
    this.#first ??= patch;
    this.#differ ||= !sameContent(patch, this.#first, definition);
    if (mode === 'write' || mode === 'create') {
      if (this.#owner !== undefined && sameContent(patch, this.#owner, definition)) return;
      this.#owner ??= patch;
    }
    const next = together(this.#modes, mode);
    if (next === null) this.#agree = false;
    else this.#modes = next;
  }
}
