import type { Access } from './access.ts';
import type { AnyPatch, AnyPatchDefinition } from './define-patch.ts';
import type { NameResolver } from './name-resolver.ts';
import { definitionFor } from './patch-payload.ts';
import type { PatchRegistry } from './registry.ts';

/** The patches of one type on one object: a chain through the set, so that no list is made for each object. */
class Group {
  readonly definition: AnyPatchDefinition;
  /** Positions in the set. */
  readonly first: number;
  last: number;
  count = 1;
  /** The patches of another type on the same object. */
  sibling: Group | undefined;

  constructor(definition: AnyPatchDefinition, first: number) {
    this.definition = definition;
    this.first = first;
    this.last = first;
  }

  /** This group and those of the other types on the object. */
  withSiblings(): Group[] {
    const groups: Group[] = [this];
    for (let next = this.sibling; next !== undefined; next = next.sibling) groups.push(next);
    return groups;
  }
}

/** Patches that touch a thing without editing it as their object. */
interface Guest {
  readonly patch: AnyPatch;
  readonly definition: AnyPatchDefinition;
  readonly access: Access;
}

/** A thing on which patches meet: their object, their container, or something else that they touch. */
export interface Place {
  readonly key: string;
  /** Patches whose object this is. */
  readonly groups: readonly Group[];
  /** Patches whose container this is. */
  readonly within: readonly Group[];
  readonly guests: readonly Guest[];
}

/** A patch set, filed by what its patches edit and touch; each patch is filed once, each object once in its container. */
export class FiledPatches {
  readonly #patches: readonly AnyPatch[];
  /** For each patch, the position of the next one in its group. */
  readonly #next: Int32Array;
  readonly #objects = new Map<string, Group>();
  readonly #guests = new Map<string, Guest[]>();
  readonly #contents = new Map<string, Group[]>();

  constructor(patches: readonly AnyPatch[], registry: PatchRegistry, names: NameResolver) {
    this.#patches = patches;
    this.#next = new Int32Array(patches.length);
    patches.forEach((patch, index) => {
      const definition = definitionFor(patch, registry);
      this.#file(definition.objectKey(patch, names), definition, index);
      for (const access of definition.access?.(patch, names) ?? [])
        listAt(this.#guests, access.key).push({ patch, definition, access });
    });
    for (const [key, object] of this.#objects) this.#fileInContainer(key, object, names);
  }

  /** The places where something may be in conflict: more than one patch meets there. */
  *places(): Iterable<Place> {
    for (const [key, object] of this.#objects) {
      const guests = this.#guests.get(key) ?? NONE;
      const contents = this.#contents.get(key) ?? NONE;
      if (object.sibling === undefined && object.count + guests.length + contents.length === 1) continue;
      yield { key, groups: object.withSiblings(), within: contents, guests };
    }
    for (const [key, guests] of this.#guests) {
      if (this.#objects.has(key)) continue;
      const within = this.#contents.get(key) ?? NONE;
      if (guests.length + within.length > 1) yield { key, groups: NONE, within, guests };
    }
  }

  /** The patches of a group, in the order of the set. */
  patchesOf(group: Group): AnyPatch[] {
    const patches: AnyPatch[] = [];
    this.forEach(group, (patch) => patches.push(patch));
    return patches;
  }

  forEach(group: Group, visit: (patch: AnyPatch) => void): void {
    let index = group.first;
    for (let left = group.count; left > 0; left -= 1) {
      visit(this.#patches[index] as AnyPatch);
      index = this.#next[index] as number;
    }
  }

  #file(key: string, definition: AnyPatchDefinition, index: number): void {
    let group = this.#objects.get(key);
    if (group === undefined) {
      this.#objects.set(key, new Group(definition, index));
      return;
    }
    while (group.definition !== definition) {
      if (group.sibling === undefined) {
        group.sibling = new Group(definition, index);
        return;
      }
      group = group.sibling;
    }
    this.#next[group.last] = index;
    group.last = index;
    group.count += 1;
  }

  #fileInContainer(key: string, object: Group, names: NameResolver): void {
    for (let group: Group | undefined = object; group !== undefined; group = group.sibling) {
      const { definition, first } = group;
      if (!definition.hasContainer) continue;
      const container = definition.containerKey(this.#patches[first] as AnyPatch, names);
      // A container that no patch touches itself is no place to meet.
      if (container !== key && (this.#objects.has(container) || this.#guests.has(container)))
        listAt(this.#contents, container).push(group);
    }
  }
}

const NONE: readonly never[] = [];

function listAt<V>(lists: Map<string, V[]>, key: string): V[] {
  let list = lists.get(key);
  if (list === undefined) lists.set(key, (list = []));
  return list;
}
