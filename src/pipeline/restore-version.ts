import { messageOf } from '../core/index.ts';
import { readSpace, undoFileEdits, verifyCatalog, type ChangeRecord } from '../apply/index.ts';
import { rollbackToModel } from '../logged-models/index.ts';
import { invertPlan } from '../patch-dsl/index.ts';
import { lastIteration } from '../session/index.ts';
import { repoStore } from './repository.ts';
import type { Run } from './run.ts';
import { trackingServiceOf } from './tracker-of.ts';
import { withoutProvisional } from './without-provisional.ts';

/**
 * Brings space, objects of Unity Catalog and files back to the last accepted state from its version in MLflow.
 * Changes that await their proof go with the one that could not be taken back.
 *
 * @returns `null` when everything is as accepted; otherwise why not
 * @see spec/pipeline.md §13, step 3
 */
export async function restoreVersion(run: Run): Promise<string | null> {
  const { ctx, recorder, accepted } = run;
  const session = recorder.current();
  const service = trackingServiceOf(ctx.options);
  const modelId = session.tracking?.accepted_model_id ?? null;
  if (service === undefined || modelId === null) return 'No version of the accepted state was recorded.';
  const measured = lastIteration(session, 'accepted')?.config_hash;
  if (measured !== accepted.state.hash)
    return 'The recorded version lacks an edit that somebody else made since.';
  const { genie, catalog, catalogEditor: editor } = ctx.workspace;
  const spaceId = run.place.candidateId;
  const records: ChangeRecord[] = [
    ...session.provisional_apply_logs,
    ...(session.current_apply_log === null ? [] : [session.current_apply_log]),
  ];
  const objects = [...new Set(records.flatMap(({ plan }) => plan.statements.map(({ object }) => object)))];
  try {
    const result = await rollbackToModel(
      { modelId, spaceId, objects },
      { mlflow: service.mlflow, genie, catalog, editor },
    );
    if (result.status !== 'restored')
      return `Model ${modelId} did not bring everything back (${result.status}): ${[
        result.reason,
        ...result.objects_failed.map(({ object, reason }) => `${object}: ${reason}`),
      ]
        .filter((part) => part !== null)
        .join('; ')}`;
    await undoFileEdits(
      repoStore(ctx.options),
      records.flatMap(({ files }) => files),
    );
    await verifyCatalog(catalog, {
      patches: records.toReversed().flatMap(({ plan }) => invertPlan(plan).patches),
    });
    const { hash } = await readSpace(genie, spaceId);
    if (hash !== accepted.state.hash) return `Model ${modelId} holds another state than the accepted one.`;
  } catch (error) {
    return messageOf(error);
  }
  if (session.provisional_apply_logs.length > 0) {
    await recorder.update(withoutProvisional);
    run.tip = run.accepted;
  }
  return null;
}
