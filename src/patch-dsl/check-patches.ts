import type { AnyPatch } from './define-patch.ts';
import { payloadOf, unknownTypeMessage } from './patch-payload.ts';
import type { PatchFinding } from './finding.ts';
import type { PatchRegistry } from './registry.ts';

interface CheckedPatches {
  readonly checked: readonly AnyPatch[];
  /** `UNKNOWN_TYPE`, `SCHEMA` and `DUPLICATE_ID`. */
  readonly findings: readonly PatchFinding[];
}

/** Checks each patch alone: its type, its members, the uniqueness of its id. */
export function checkPatches(patches: readonly unknown[], registry: PatchRegistry): CheckedPatches {
  const checked: AnyPatch[] = [];
  const findings: PatchFinding[] = [];
  const seen = new Set<string>();
  const doubled = new Set<string>();
  patches.forEach((patch, index) => {
    const problem = problemOf(patch, index, registry);
    if (problem !== null) {
      findings.push(problem);
      return;
    }
    const { id } = patch as AnyPatch;
    if (seen.has(id)) doubled.add(id);
    else checked.push(patch as AnyPatch);
    seen.add(id);
  });
  for (const id of doubled) {
    findings.push({
      code: 'DUPLICATE_ID',
      severity: 'error',
      patchIds: [id],
      message: `Several patches have the id '${id}'. Give each its own.`,
    });
  }
  return { checked, findings };
}

function problemOf(patch: unknown, index: number, registry: PatchRegistry): PatchFinding | null {
  const { id, type } = (patch ?? {}) as { id?: unknown; type?: unknown };
  const patchIds = typeof id === 'string' ? [id] : [];
  const name = typeof id === 'string' ? `Patch ${id}` : `Patch at index ${index}`;
  const finding = (code: 'UNKNOWN_TYPE' | 'SCHEMA', message: string): PatchFinding => ({
    code,
    severity: 'error',
    patchIds,
    message: `${name}: ${message}`,
  });
  if (typeof patch !== 'object' || patch === null) return finding('SCHEMA', 'an object is needed.');
  const definition = typeof type === 'string' ? registry.definitionOf(type) : undefined;
  if (definition === undefined) {
    return typeof type === 'string'
      ? finding('UNKNOWN_TYPE', unknownTypeMessage(type, registry))
      : finding('SCHEMA', "the member 'type' is missing.");
  }
  const result = definition.patchSchema.safeParse(patch);
  if (!result.success) {
    const issues = result.error.issues.map(
      (issue) => `${issue.path.join('.') || 'the patch'}: ${issue.message}`,
    );
    return finding(
      'SCHEMA',
      `${definition.type} is malformed (${issues.join('; ')}). Correct these members.`,
    );
  }
  const problem = definition.check(payloadOf(patch as AnyPatch));
  return problem === null
    ? null
    : finding('SCHEMA', `${definition.type} is malformed (${problem}). Correct it.`);
}
