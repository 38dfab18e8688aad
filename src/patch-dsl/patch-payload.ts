import { InvariantError, nearestName } from '../core/index.ts';
import { ENVELOPE_KEYS } from './envelope.ts';
import type { AnyPatch, AnyPatchDefinition } from './define-patch.ts';
import type { PatchRegistry } from './registry.ts';

/** The payload of a patch: its members without the envelope. */
export const payloadOf = (patch: AnyPatch): Record<string, unknown> =>
  Object.fromEntries(Object.entries(patch).filter(([key]) => !ENVELOPE_KEYS.has(key)));

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
