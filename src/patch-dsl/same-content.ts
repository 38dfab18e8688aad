import { sameJson } from '../spaces/index.ts';
import type { AnyPatch, AnyPatchDefinition } from './define-patch.ts';
import { contentKey } from './drop-duplicates.ts';

/** Whether two patches have one type and payload, whatever their envelopes; the definition is that of the first. */
export function sameContent(a: AnyPatch, b: AnyPatch, { payloadKeys }: AnyPatchDefinition): boolean {
  if (a === b) return true;
  if (a.type !== b.type) return false;
  if (payloadKeys === null) return contentKey(a) === contentKey(b);
  return payloadKeys.every((key) => sameJson(a[key], b[key]));
}
