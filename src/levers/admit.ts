import { countingIds } from '../core/index.ts';
import { PATCH_DEFINITIONS, type AnyPatchDefinition } from '../patch-dsl/index.ts';
import type { Candidate } from './finish-proposal.ts';
import type { Change, Draft } from './generators/draft.ts';
import { instructionLines, rewriteOf } from './guards/current-text.ts';
import type { CheckedText, LeakFinding } from './guards/leaks.ts';
import { NO_OP_SIMILARITY, saysNothingNew, textSimilarity } from './guards/similarity.ts';
import type { ProposalInput } from './input.ts';
import { patchFingerprint } from './memory.ts';
import type { Lever } from './proposal.ts';
import type { ReviewItem, ReviewReason } from './review.ts';
import type { Schema } from './schema.ts';
import type { DefinedChange } from './scoring.ts';

/** Checks each change of a draft, and splits what is left by lever. */
export function admit(
  draft: Draft,
  input: ProposalInput,
  schema: Schema,
  findLeaks: (texts: readonly CheckedText[]) => readonly LeakFinding[],
  review: ReviewItem[],
): Candidate[] {
  const snapshot = { space: input.space, catalog: input.catalog, roles: input.assetRoles };
  const tried = new Set((input.history ?? []).map((entry) => entry.fingerprint));
  const admitted: { lever: Lever; item: DefinedChange }[] = [];
  const refuse = (reason: ReviewReason, detail: string): void => {
    review.push({ reason, question_ids: draft.question_ids, detail });
  };
  for (const change of draft.changes) {
    const { type, ...payload } = change;
    const definition: AnyPatchDefinition = PATCH_DEFINITIONS[type];
    const label = `${type}: ${definition.describe(payload)}`;
    const texts = definition.texts(payload).map((text) => ({ where: type, text }));
    const [leak] = findLeaks(texts);
    if (leak !== undefined) {
      refuse('leak', `A patch of type ${type} would quote benchmark ${leak.benchmark_id} (${leak.kind}).`);
    } else if (tried.has(patchFingerprint(change))) {
      refuse('tried_before', label);
    } else if (isNoOp(change, schema, input)) {
      refuse('no_effect', `${label} (the space says nearly the same already)`);
    } else {
      const rendering = definition.render(payload, {
        ...snapshot,
        descriptionsIn: 'space',
        newId: countingIds('f'),
      });
      if (rendering.status === 'noop') refuse('no_effect', `${label} (${rendering.reason})`);
      else if (rendering.status === 'failed') refuse('cannot_be_applied', `${label}: ${rendering.message}`);
      else {
        const lever = definition.leverOf(payload, snapshot);
        admitted.push({
          lever,
          item: { change, definition, payload, risk: definition.riskOf(payload, snapshot) },
        });
      }
    }
  }
  if (draft.inseparable === true) {
    const [first] = admitted;
    if (first === undefined || admitted.length < draft.changes.length) return [];
    return [
      {
        draft,
        question_ids: draft.question_ids,
        lever: first.lever,
        changes: admitted.map(({ item }) => item),
      },
    ];
  }
  const levers = [...new Set(admitted.map(({ lever }) => lever))];
  return levers.map((lever) => ({
    draft,
    question_ids: draft.question_ids,
    lever,
    changes: admitted.filter((entry) => entry.lever === lever).map(({ item }) => item),
  }));
}

/** Whether a text would say what stands in its place, or in the instruction, already. */
function isNoOp(change: Change, schema: Schema, { space }: ProposalInput): boolean {
  const rewrite = rewriteOf(change, schema);
  if (rewrite !== null) return saysNothingNew(rewrite.current, rewrite.proposed);
  return (
    change.type === 'add_instruction' &&
    instructionLines(space).some((line) => textSimilarity(line, String(change['text'])) > NO_OP_SIMILARITY)
  );
}
