import { instructionText } from '../spaces/index.ts';
import type { AnyPatch } from './define-patch.ts';
import type { PatchFinding } from './finding.ts';
import { finding, idList } from './finding.ts';
import type { Folded } from './fold-patches.ts';
import { foldPatches } from './fold-patches.ts';
import type { Snapshot } from './snapshot.ts';
import type { ValidateOptions } from './validate-options.ts';

/**
 * Edits of passages of one text whose order shows, which no key tells: one quotes what another one writes.
 *
 * They are run in the opposite order too. What is appended keeps its own order, which is that of the ids.
 * @param kept - in the order of execution
 */
export function passageFindings(
  kept: readonly AnyPatch[],
  snapshot: Snapshot,
  options: ValidateOptions,
): PatchFinding[] {
  const instruction = kept.filter(({ type }) => type.endsWith('_instruction'));
  const bodies = kept.filter((patch) => patch['body_edit'] !== undefined);
  return [
    ...orderFindings(instruction, snapshot, options, 'the general instruction', ({ space }) =>
      instructionText(space),
    ),
    ...orderFindings(bodies, snapshot, options, 'the body of a function', ({ catalog }) =>
      catalog.functions.map(({ body }) => body).join('\n'),
    ),
  ];
}

function orderFindings(
  patches: readonly AnyPatch[],
  snapshot: Snapshot,
  options: ValidateOptions,
  where: string,
  textOf: (folded: Folded) => string,
): PatchFinding[] {
  const isAppend = ({ type }: AnyPatch): boolean => type === 'add_instruction';
  const appends = patches.filter(isAppend);
  const passages = patches.filter((patch) => !isAppend(patch)).toReversed();
  if (passages.length === 0 || patches.length < 2) return [];
  const [first] = patches;
  const other =
    first !== undefined && isAppend(first) ? [...passages, ...appends] : [...appends, ...passages];
  const [there, back] = [patches, other].map((order) => foldPatches(snapshot, order, options));
  if (there === undefined || back === undefined || there.failures.length > 0) return [];
  if (back.failures.length === 0 && textOf(there) === textOf(back)) return [];
  const ids = patches.map(({ id }) => id);
  return [
    finding(
      'CONFLICT',
      'error',
      ids,
      `The effect of ${idList(ids)} on ${where} depends on their order. Put them into separate sets, or quote other passages.`,
      { rule: null },
    ),
  ];
}
