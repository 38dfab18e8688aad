import { parseDocument } from 'yaml';
import { copyJson } from '../spaces/index.ts';
import { isOptimizerError, isRecord, OptimizerError } from '../core/index.ts';
import type { PatchFinding } from './finding.ts';
import { checkPatches } from './check-patches.ts';
import { PATCH_SET_VERSION } from './patch-schema.ts';
import { upgradePatch } from './upgrade-patch.ts';
import { leverOf } from './describe-patch.ts';
import type { Snapshot } from './snapshot.ts';
import type { Patch, PatchRegistry } from './registry.ts';
import { DEFAULT_REGISTRY } from './registry.ts';

/** A patch set that cannot be read. `findings` has one entry per patch that is wrong. Code `PATCH_FORMAT`. */
export class PatchFormatError extends OptimizerError {
  readonly findings: readonly PatchFinding[];

  constructor(message: string, findings: readonly PatchFinding[] = [], cause?: unknown) {
    super(message, { code: 'PATCH_FORMAT', details: { findings }, cause });
    this.findings = findings;
  }
}

/**
 * Reads patches from JSON or YAML text, or from a value: a list, or `{ schema_version, patches }`.
 *
 * Patches of the form before version 1 (`target`, `old_text`, `new_text` for everything) are brought to the
 * present form where that is possible without guessing.
 * @param options.snapshot - where a patch without `lever` is to be applied: it gets the lever of its target there
 * @throws {PatchFormatError} with every finding; YAML errors say line and column
 */
export function parsePatchSet(
  input: unknown,
  options: { readonly registry?: PatchRegistry; readonly snapshot?: Snapshot } = {},
): Patch[] {
  const registry = options.registry ?? DEFAULT_REGISTRY;
  const value = typeof input === 'string' ? readText(input) : readValue(input);
  const given = listOf(value);
  const patches = given.map((patch, index) => upgradePatch(patch, index, registry));
  const { checked, findings } = checkPatches(patches, registry);
  if (findings.length > 0) {
    const list = findings.map(({ message }) => `- ${message}`).join('\n');
    throw new PatchFormatError(`The patch set cannot be used:\n${list}`, findings);
  }
  const { snapshot } = options;
  if (snapshot === undefined) return checked as Patch[];
  return (checked as Patch[]).map((patch, index) =>
    saysLever(given[index]) ? patch : { ...patch, lever: leverOf(patch, snapshot, { registry }) },
  );
}

const saysLever = (patch: unknown): boolean => isRecord(patch) && 'lever' in patch;

function readText(text: string): unknown {
  const document = parseDocument(text, { prettyErrors: true });
  const [error] = document.errors;
  if (error !== undefined) {
    throw new PatchFormatError(
      `The patch set is neither JSON nor YAML: ${error.message.trim()} Correct the text.`,
      [],
      error,
    );
  }
  return readValue(document.toJS({ maxAliasCount: 100 }));
}

function readValue(input: unknown): unknown {
  try {
    return copyJson(input);
  } catch (cause) {
    const path = isOptimizerError(cause) ? cause.details['path'] : undefined;
    const problem = typeof path === 'string' ? path : '';
    throw new PatchFormatError(
      `The patch set holds a value that JSON cannot hold${problem === '' ? '' : ` at ${problem}`}, or a cycle. Pass plain data.`,
      [],
      cause,
    );
  }
}

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value === 'object' && value !== null) {
    const { patches, schema_version: version } = value as Record<string, unknown>;
    if (Array.isArray(patches)) {
      if (version === undefined || (typeof version === 'number' && version <= PATCH_SET_VERSION))
        return patches;
      throw new PatchFormatError(
        `The patch set has schema_version ${JSON.stringify(version)}; this release reads up to ${PATCH_SET_VERSION}. Update genie-optimizer.`,
      );
    }
  }
  throw new PatchFormatError(
    'A patch set is a list of patches, or an object with a list `patches`. Correct the form.',
  );
}
