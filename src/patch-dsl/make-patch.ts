import { EMPTY_CATALOG } from '../ports/index.ts';
import type { PatchEnvelope } from './envelope.ts';
import type { PatchType } from './patch-types.ts';
import { PATCH_DEFINITIONS } from './registry.ts';
import type { PatchOf, PatchPayload } from './registry.ts';
import type { AnyPatchDefinition } from './define-patch.ts';
import type { Snapshot } from './snapshot.ts';

const NOTHING: Snapshot = { space: { version: 2 }, catalog: EMPTY_CATALOG };

/**
 * A patch of a type from its payload; envelope members that are not given get their usual values.
 *
 * Lever and risk follow from the type and the target, for which some types need the snapshot. Default id `P001`,
 * confidence 0.5, no grounding and no predicted questions.
 */
export function makePatch<T extends PatchType>(
  type: T,
  payload: PatchPayload<T>,
  envelope: Partial<PatchEnvelope> & { readonly snapshot?: Snapshot } = {},
): PatchOf<T> {
  const definition: AnyPatchDefinition = PATCH_DEFINITIONS[type];
  const { snapshot = NOTHING, ...given } = envelope;
  const patch = {
    id: 'P001',
    type,
    lever: definition.leverOf(payload, snapshot),
    risk_level: definition.riskOf(payload, snapshot),
    confidence: 0.5,
    grounded_in: [],
    predicted_affected_questions: [],
    ...given,
    ...payload,
  };
  return patch as unknown as PatchOf<T>;
}
