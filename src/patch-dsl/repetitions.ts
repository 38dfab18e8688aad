import { canonicalJson } from '../core/index.ts';
import type { AnyPatch, AnyPatchDefinition } from './define-patch.ts';
import { contentKey } from './drop-duplicates.ts';

/**
 * Tells whether a patch repeats the type and payload of one that was asked about before.
 *
 * Patches on one thing mostly differ from the first of them in a single text, so that text is the key: no text
 * has to be made for them. Others are compared by all their members.
 */
export class Repetitions {
  #first: AnyPatch | undefined;
  readonly #byMember: {
    readonly type: string;
    readonly name: string;
    readonly known: Map<string, AnyPatch>;
  }[] = [];
  #byContent: Map<string, AnyPatch> | undefined;

  /** The earlier patch with the same content (the patch itself when it was asked about before), else `null`. */
  originalOf(patch: AnyPatch, definition: AnyPatchDefinition): AnyPatch | null {
    this.#first ??= patch;
    const name = onlyDifference(patch, this.#first, definition);
    if (name === null)
      return remember((this.#byContent ??= new Map()), wholeContent(patch, definition), patch);
    return remember(this.#knownBy(patch.type, name), patch[name] as string, patch);
  }

  #knownBy(type: string, name: string): Map<string, AnyPatch> {
    let entry = this.#byMember.find((entry) => entry.name === name && entry.type === type);
    if (entry === undefined) this.#byMember.push((entry = { type, name, known: new Map() }));
    return entry.known;
  }
}

function remember(known: Map<string, AnyPatch>, key: string, patch: AnyPatch): AnyPatch | null {
  const original = known.get(key);
  if (original === undefined) known.set(key, patch);
  return original ?? null;
}

/** The one member that differs, if it is the only one and holds a text; `null` otherwise. */
function onlyDifference(
  patch: AnyPatch,
  reference: AnyPatch,
  { payloadKeys }: AnyPatchDefinition,
): string | null {
  let found: string | null = null;
  for (const name of payloadKeys ?? []) {
    if (patch[name] === reference[name]) continue;
    if (found !== null || typeof patch[name] !== 'string') return null;
    found = name;
  }
  return found;
}

/** Equal for patches of one type and payload; each member stands with its length, in a fixed order. */
function wholeContent(patch: AnyPatch, { type, payloadKeys }: AnyPatchDefinition): string {
  if (payloadKeys === null) return contentKey(patch);
  let key = type;
  for (const name of payloadKeys) {
    const value = patch[name];
    if (value === undefined) key += '|';
    else key += typeof value === 'string' ? `|${value.length}:${value}` : `|${canonicalJson(value)}`;
  }
  return key;
}
