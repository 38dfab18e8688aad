import type { AnyPatch } from './define-patch.ts';
import { payloadOf, unknownTypeMessage } from './patch-payload.ts';
import type { PatchLever } from './envelope.ts';
import type { PatchRegistry } from './registry.ts';
import { DEFAULT_REGISTRY } from './registry.ts';
import type { Snapshot } from './snapshot.ts';
import { InvalidOptionError } from '../core/index.ts';

interface RegistryOption {
  readonly registry?: PatchRegistry;
}

/**
 * A patch in one English sentence.
 *
 * @throws {InvalidOptionError} for a type that the registry does not know
 */
export function describePatch(patch: AnyPatch, options: RegistryOption = {}): string {
  return `${definition(patch, options).describe(payloadOf(patch))}.`;
}

/**
 * The lever that a patch belongs to, by its type and target.
 *
 * @throws {InvalidOptionError} for a type that the registry does not know
 */
export function leverOf(patch: AnyPatch, snapshot: Snapshot, options: RegistryOption = {}): PatchLever {
  return definition(patch, options).leverOf(payloadOf(patch), snapshot);
}

function definition(patch: AnyPatch, { registry = DEFAULT_REGISTRY }: RegistryOption) {
  const found = registry.definitionOf(patch.type);
  if (found === undefined)
    throw new InvalidOptionError('patch', `has an unknown type: ${unknownTypeMessage(patch.type, registry)}`);
  return found;
}
