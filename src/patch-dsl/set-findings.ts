import { SPACE_LIMITS } from '../spaces/index.ts';
import { findConflicts } from './conflicts.ts';
import type { AnyPatch } from './define-patch.ts';
import { stringsIn } from './define-patch.ts';
import type { PatchFinding } from './finding.ts';
import { finding, idList } from './finding.ts';
import { LeakDetector } from './leak.ts';
import { nameResolver } from './name-resolver.ts';
import { definitionFor, payloadOf } from './patch-payload.ts';
import type { PatchRegistry } from './registry.ts';
import type { Snapshot } from './snapshot.ts';
import type { ValidateOptions } from './validate-options.ts';
import { PATCH_SET_DEFAULTS } from './validate-options.ts';

/** What speaks against a set before any of it is rendered: conflicts, size, texts, policy. */
export const setFindings = (
  patches: readonly AnyPatch[],
  snapshot: Snapshot,
  registry: PatchRegistry,
  options: ValidateOptions,
): PatchFinding[] => [
  ...conflictFindings(patches, snapshot, options),
  ...sizeFindings(patches, snapshot, registry, options),
  ...textFindings(patches, registry, options),
  ...policyFindings(patches, snapshot, registry, options),
];

function conflictFindings(
  patches: readonly AnyPatch[],
  snapshot: Snapshot,
  options: ValidateOptions,
): PatchFinding[] {
  const { registry, parity } = options;
  return findConflicts(patches, {
    snapshot,
    ...(registry === undefined ? {} : { registry }),
    ...(parity === undefined ? {} : { parity }),
  }).map(({ severity, key, rule, patchIds, because }) =>
    finding(
      'CONFLICT',
      severity,
      patchIds,
      `Patches ${idList(patchIds)} conflict on ${key}: ${because}. Keep one of them.`,
      { key, rule },
    ),
  );
}

function sizeFindings(
  patches: readonly AnyPatch[],
  snapshot: Snapshot,
  registry: PatchRegistry,
  options: ValidateOptions,
): PatchFinding[] {
  const { maxObjects = PATCH_SET_DEFAULTS.maxObjects, maxPatches = PATCH_SET_DEFAULTS.maxPatches } = options;
  const findings: PatchFinding[] = [];
  if (maxPatches !== null && patches.length > maxPatches) {
    findings.push(
      finding(
        'SET_SIZE',
        'error',
        [],
        `The set has ${patches.length} patches; the limit is ${maxPatches}. Split it, or raise maxPatches.`,
      ),
    );
  }
  const objects = containersOf(patches, snapshot, registry);
  if (maxObjects !== null && objects.length > maxObjects) {
    findings.push(
      finding(
        'BLAST_RADIUS',
        'error',
        patches.map(({ id }) => id),
        `The set touches ${objects.length} objects (${idList(objects)}); the limit is ${maxObjects}. Split it, or raise maxObjects.`,
        { objects },
      ),
    );
  }
  return findings;
}

/** The distinct containers that patches touch. */
export function containersOf(
  patches: readonly AnyPatch[],
  snapshot: Snapshot,
  registry: PatchRegistry,
): string[] {
  const names = nameResolver(snapshot);
  return [...new Set(patches.map((patch) => definitionFor(patch, registry).containerKey(patch, names)))];
}

function textFindings(
  patches: readonly AnyPatch[],
  registry: PatchRegistry,
  { forbiddenTexts = [] }: ValidateOptions,
): PatchFinding[] {
  const detector = forbiddenTexts instanceof LeakDetector ? forbiddenTexts : new LeakDetector(forbiddenTexts);
  return patches.flatMap((patch) => {
    const findings: PatchFinding[] = [];
    const longest = stringsIn(payloadOf(patch)).reduce((longest, text) => Math.max(longest, text.length), 0);
    if (longest > SPACE_LIMITS.stringChars.max) {
      findings.push(
        finding(
          'STRING_TOO_LONG',
          'error',
          [patch.id],
          `Patch ${patch.id} has a text of ${longest} characters; the limit is ${SPACE_LIMITS.stringChars.max}. Shorten it.`,
        ),
      );
    }
    const texts = [...definitionFor(patch, registry).texts(payloadOf(patch)), patch.rationale ?? ''];
    for (const text of new Set(texts)) {
      // A longer text is refused anyway, and comparing it could take minutes.
      const leak = text.length > SPACE_LIMITS.stringChars.max ? null : detector.find(text);
      if (leak === null) continue;
      const how =
        leak.kind === 'overlap'
          ? `repeats ${Math.round(leak.overlap * 100)} % of`
          : leak.kind === 'equal'
            ? 'is'
            : 'contains';
      findings.push(
        finding(
          'LEAK',
          'error',
          [patch.id],
          `A text of patch ${patch.id} (${patch.type}) ${how} ${leak.label}. Say the rule, not the example.`,
          { kind: leak.kind, overlap: leak.overlap },
        ),
      );
      break;
    }
    return findings;
  });
}

function policyFindings(
  patches: readonly AnyPatch[],
  snapshot: Snapshot,
  registry: PatchRegistry,
  options: ValidateOptions,
): PatchFinding[] {
  return patches.flatMap((patch) => {
    const findings: PatchFinding[] = [];
    if (patch.type === 'remove_compliance_tag' && options.allowGovernanceRemoval !== true) {
      findings.push(
        finding(
          'GOVERNANCE_REMOVAL',
          'error',
          [patch.id],
          `Patch ${patch.id} removes a compliance tag, which is never done automatically. Do it by hand, or set allowGovernanceRemoval.`,
        ),
      );
    }
    const definition = definitionFor(patch, registry);
    const lever = definition.leverOf(payloadOf(patch), snapshot);
    if (lever !== patch.lever) {
      findings.push(
        finding(
          'LEVER_MISMATCH',
          'warning',
          [patch.id],
          `Patch ${patch.id} (${patch.type}) says lever ${patch.lever}, its target belongs to lever ${lever}. Correct it, unless it is meant.`,
        ),
      );
    }
    return findings;
  });
}
