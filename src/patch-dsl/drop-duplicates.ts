import { canonicalJson } from '../core/index.ts';
import type { AnyPatch } from './define-patch.ts';
import { payloadOf } from './patch-payload.ts';

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
