import { INSIDE_OBJECT } from './access.ts';
import type { Access, AccessMode, PartAccess } from './access.ts';
import type { AnyPatch, AnyPatchDefinition } from './define-patch.ts';
import { Repetitions } from './repetitions.ts';
import type { NameResolver } from './name-resolver.ts';
import { definitionFor } from './patch-payload.ts';
import type { PatchRegistry } from './registry.ts';

/** Patches whose accesses to one part do not agree; at least two that say different things. */
export interface Disagreement {
  readonly key: string;
  readonly patches: readonly AnyPatch[];
}

interface Guest {
  readonly patch: AnyPatch;
  readonly access: Access;
}

type Visit = (access: PartAccess, patch: AnyPatch, definition: AnyPatchDefinition) => void;

/** A thing on which patches meet: their object, their container, or something else that they touch. */
export class Place {
  /** Patches whose object this is. */
  readonly own: AnyPatch[] = [];
  /** Types of `own`, each once. */
  readonly types: string[] = [];
  #within: AnyPatch[] | undefined;
  #guests: Guest[] | undefined;

  /** Patches whose container this is. */
  get within(): readonly AnyPatch[] {
    return this.#within ?? NONE;
  }

  add(patch: AnyPatch): void {
    this.own.push(patch);
    if (!this.types.includes(patch.type)) this.types.push(patch.type);
  }

  addWithin(patch: AnyPatch): void {
    (this.#within ??= []).push(patch);
  }

  addGuest(patch: AnyPatch, access: Access): void {
    (this.#guests ??= []).push({ patch, access });
  }

  /** Whether nothing here can be in conflict. */
  isLonely(): boolean {
    const active = this.own.length + (this.#guests?.length ?? 0);
    return active === 0 || active + this.within.length < 2;
  }

  disagreements(key: string, names: NameResolver, registry: PatchRegistry): Disagreement[] {
    const modes = new PartMap<Together>();
    const meetings: { list?: PartMap<Meeting> } = {};
    this.#visit(names, registry, (access) => {
      const seen = modes.get(access);
      const next = together(seen, access.mode);
      if (next === null) {
        meetings.list ??= new PartMap();
        if (meetings.list.get(access) === undefined) meetings.list.set(access, new Meeting());
      } else if (next !== seen) modes.set(access, next);
    });
    const { list } = meetings;
    if (list === undefined) return [];
    this.#visit(names, registry, (access, patch, definition) => {
      list.get(access)?.add(patch, access.mode, definition);
    });
    return [...list.entries()]
      .filter(([, { disagree }]) => disagree)
      .map(([part, { patches }]) => ({ key: `${key}${part}`, patches }));
  }

  /** Whether two patches add to one list whose order is content. */
  hasTwoAppends(names: NameResolver, registry: PatchRegistry): boolean {
    const seen = new PartMap<AnyPatch>();
    let two = false;
    this.#visit(names, registry, (access, patch) => {
      if (access.mode !== 'append') return;
      const before = seen.get(access);
      two ||= before !== undefined && before !== patch;
      seen.set(access, patch);
    });
    return two;
  }

  #visit(names: NameResolver, registry: PatchRegistry, visit: Visit): void {
    for (const patch of this.own) {
      const definition = definitionFor(patch, registry);
      for (const access of definition.parts(patch, names)) visit(access, patch, definition);
    }
    for (const patch of this.within) visit(INSIDE_OBJECT, patch, definitionFor(patch, registry));
    for (const { patch, access } of this.#guests ?? [])
      visit({ part: '', ...access }, patch, definitionFor(patch, registry));
  }
}

const NONE: readonly AnyPatch[] = [];

/** Values by part and item. */
class PartMap<T> {
  readonly #parts = new Map<string, T>();
  #items: Map<string, Map<string, T>> | undefined;

  get({ part, item }: PartAccess): T | undefined {
    return item === undefined ? this.#parts.get(part) : this.#items?.get(part)?.get(item);
  }

  set({ part, item }: PartAccess, value: T): void {
    if (item === undefined) {
      this.#parts.set(part, value);
      return;
    }
    this.#items ??= new Map();
    const items = this.#items.get(part);
    if (items === undefined) this.#items.set(part, new Map([[item, value]]));
    else items.set(item, value);
  }

  *entries(): Iterable<[string, T]> {
    yield* this.#parts;
    for (const [part, items] of this.#items ?? []) {
      for (const [item, value] of items) yield [`${part}=${item}`, value];
    }
  }
}

/** Files each patch under its object, its container and what else it touches. */
export function filePatches(
  patches: readonly AnyPatch[],
  registry: PatchRegistry,
  names: NameResolver,
): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  const at = (key: string): Place => {
    let place = places.get(key);
    if (place === undefined) places.set(key, (place = new Place()));
    return place;
  };
  for (const patch of patches) {
    const definition = definitionFor(patch, registry);
    const objectKey = definition.objectKey(patch, names);
    at(objectKey).add(patch);
    if (definition.hasContainer) {
      const containerKey = definition.containerKey(patch, names);
      if (containerKey !== objectKey) at(containerKey).addWithin(patch);
    }
    if (definition.access !== null) {
      for (const access of definition.access(patch, names)) at(access.key).addGuest(patch, access);
    }
  }
  return places;
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

/** The patches that access one part, repetitions left out. */
class Meeting {
  readonly patches: AnyPatch[] = [];
  readonly #known = new Repetitions();
  #modes: Together | undefined;
  #agree = true;

  get disagree(): boolean {
    return !this.#agree && this.patches.length > 1;
  }

  add(patch: AnyPatch, mode: AccessMode, definition: AnyPatchDefinition): void {
    const original = this.#known.originalOf(patch, definition);
    if (original === null) this.patches.push(patch);
    else if (original !== patch) return;
    const next = together(this.#modes, mode);
    if (next === null) this.#agree = false;
    else this.#modes = next;
  }
}
