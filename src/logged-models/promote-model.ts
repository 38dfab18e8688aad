import type { CallOptions, GeniePort, MlflowPort } from '../ports/index.ts';
import { parseSpace, spaceHash } from '../spaces/index.ts';
import { ModelNotPromotableError } from './errors.ts';
import { MODEL_FILTERS } from './link-scores.ts';
import { truncate } from './model-params.ts';
import { rollbackToModel, type RollbackPorts } from './rollback-model.ts';
import { readStoredConfig, sourceOf } from './stored-model.ts';

export interface Promotion {
  readonly status: 'promoted' | 'nothing_to_promote';
  readonly modelId: string | null;
  /** Models that were promoted before and are not any more. */
  readonly demoted: readonly string[];
  /** The space was not in the state of the model and was brought back to it. */
  readonly restored: boolean;
}

/**
 * Marks the best version of a run, takes the mark from every other version of the space, and makes sure that the
 * space is in its state.
 *
 * @param best - the version of the best accepted evaluation, by its id and never by its place in a list; `null`
 *   when nothing was evaluated
 * @throws {ModelNotPromotableError} it was not accepted, or the space could not be restored
 * @see spec/logged-model-lifecycle.md §6.3
 */
export async function promoteBestModel(
  best: {
    readonly modelId: string | null;
    readonly spaceId: string;
    /** Why the run ended. */
    readonly reason: string | null;
    readonly accuracyPct: number | null;
    readonly iteration: number;
    /** Default `true`: a space in another state is brought to that of the version first. `false`: it is refused. */
    readonly restore?: boolean | undefined;
  },
  ports: RollbackPorts & { readonly mlflow: MlflowPort; readonly genie: GeniePort },
  options?: CallOptions,
): Promise<Promotion> {
  const { modelId, spaceId } = best;
  const { mlflow } = ports;
  if (modelId === null) return { status: 'nothing_to_promote', modelId: null, demoted: [], restored: false };
  const { model } = await sourceOf(mlflow, modelId, options);
  const outcome = model.tags['outcome'];
  if (outcome !== 'accepted') {
    throw new ModelNotPromotableError(modelId, `its outcome is '${outcome ?? 'unknown'}', not 'accepted'.`);
  }
  const restored = await ensureLive(best, modelId, ports, options);
  await mlflow.models.setTags(
    modelId,
    {
      promoted: 'true',
      promotion_reason: truncate(best.reason ?? 'target_met'),
      best_accuracy: best.accuracyPct === null ? '' : String(best.accuracyPct),
      best_iteration: String(best.iteration),
    },
    options,
  );
  const others = await mlflow.models.search(
    { experimentIds: [model.experimentId], filter: MODEL_FILTERS.promoted },
    options,
  );
  const demoted = others.filter((other) => other.modelId !== modelId && other.tags['space_id'] === spaceId);
  for (const other of demoted) await mlflow.models.deleteTag(other.modelId, 'promoted', options);
  return { status: 'promoted', modelId, demoted: demoted.map((other) => other.modelId), restored };
}

async function ensureLive(
  { spaceId, restore = true }: { readonly spaceId: string; readonly restore?: boolean | undefined },
  modelId: string,
  ports: RollbackPorts,
  options?: CallOptions,
): Promise<boolean> {
  const { run } = await sourceOf(ports.mlflow, modelId, options);
  const stored = run === null ? null : await readStoredConfig(ports.mlflow, run, options);
  const text = stored?.['serialized_space'];
  if (typeof text !== 'string') throw new ModelNotPromotableError(modelId, 'its state cannot be read.');
  const live = await ports.genie.getSpace(spaceId, options);
  if (spaceHash(parseSpace(live.serializedSpace)) === spaceHash(parseSpace(text))) return false;
  if (!restore) throw new ModelNotPromotableError(modelId, 'the space is in another state.');
  const result = await rollbackToModel({ modelId, spaceId }, ports, options);
  if (result.status !== 'restored') {
    throw new ModelNotPromotableError(
      modelId,
      `the space is in another state and could not be restored (${result.status}${result.reason === null ? '' : `: ${result.reason}`}).`,
    );
  }
  return true;
}
