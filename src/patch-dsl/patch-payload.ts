import { InvariantError, nearestName } from '../core/index.ts';
import { ENVELOPE_KEYS } from './envelope.ts';
import type { AnyPatch, AnyPatchDefinition } from './define-patch.ts';
import type { PatchRegistry } from './registry.ts';

/** The payload of a patch: its members without the envelope. */
export function payloadOf(patch: AnyPatch): Record<string, unknown> {
  const payload: Record<string, unknown> = {};
  for (const key of Object.keys(patch)) {
    if (ENVELOPE_KEYS.has(key)) continue;
    // Assignment to this one key would change the prototype instead of adding a member.
    if (key === '__proto__') Object.defineProperty(payload, key, { value: patch[key], enumerable: true });
    else payload[key] = patch[key];
  }
  return payload;
}

/** As {@link payloadOf}, for a patch that was checked before: when the type says which members there are, only those are looked at. */
export function knownPayload(patch: AnyPatch, { payloadKeys }: AnyPatchDefinition): Record<string, unknown> {
  if (payloadKeys === null) return payloadOf(patch);
  const payload: Record<string, unknown> = {};
  for (const key of payloadKeys) {
    const value = patch[key];
    if (value !== undefined) payload[key] = value;
  }
  return payload;
}

/** The definition of a patch that was checked before. */
export function definitionFor(patch: AnyPatch, registry: PatchRegistry): AnyPatchDefinition {
  const definition = registry.definitionOf(patch.type);
  if (definition === undefined)
    throw new InvariantError(`A patch of unknown type '${patch.type}' passed validation.`, { id: patch.id });
  return definition;
}

/** A sentence for a type that the registry does not know, with the nearest name. */
export function unknownTypeMessage(type: string, registry: PatchRegistry): string {
  const near = nearestName(type, registry.types);
  return `There is no patch type '${type}'. ${near === null ? 'See PATCH_TYPES, or define it with definePatch().' : `Did you mean '${near}'?`}`;
}
