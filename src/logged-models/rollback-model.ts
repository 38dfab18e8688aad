import type {
  CallOptions,
  CatalogEditorPort,
  CatalogPort,
  CatalogSnapshot,
  GeniePort,
  MlflowPort,
} from '../ports/index.ts';
import {
  canonicalSpace,
  parseSpace,
  serializeSpace,
  spaceHash,
  updateGuarded,
  validateSpace,
  type Space,
} from '../spaces/index.ts';
import { readJson } from './artifacts.ts';
import { restoreObjects } from './restore-objects.ts';
import { OBJECTS_FILE, readStoredConfig, sourceOf } from './stored-model.ts';

export interface RollbackPorts {
  readonly mlflow: Pick<MlflowPort, 'models' | 'runs' | 'artifacts'>;
  readonly genie: GeniePort;
  /** Both are needed to restore objects of Unity Catalog. */
  readonly catalog?: CatalogPort | undefined;
  readonly editor?: CatalogEditorPort | undefined;
}

export interface RollbackResult {
  /**
   * `partial`: the space is restored, some objects of Unity Catalog are not. `unavailable`: the model does not hold
   * what is needed, nothing was written. `mismatch`: the space reads back differently.
   */
  readonly status: 'restored' | 'partial' | 'unavailable' | 'mismatch';
  readonly model_id: string;
  readonly objects_restored: readonly string[];
  readonly objects_failed: readonly { readonly object: string; readonly reason: string }[];
  readonly reason: string | null;
}

/**
 * Brings a space back to the state that a model recorded, and the named objects of Unity Catalog with it.
 *
 * @param target.objects - objects of the abandoned change; others are left as they are
 * @returns how far it got; nothing is reported as restored that was not read back
 * @throws what the workspace says when it refuses the space itself
 * @see spec/logged-model-lifecycle.md §7
 */
export async function rollbackToModel(
  target: {
    readonly modelId: string;
    readonly spaceId: string;
    readonly objects?: readonly string[] | undefined;
  },
  ports: RollbackPorts,
  options: CallOptions = {},
): Promise<RollbackResult> {
  const { modelId, spaceId, objects = [] } = target;
  const result = (status: RollbackResult['status'], more: Partial<RollbackResult> = {}): RollbackResult => ({
    status,
    model_id: modelId,
    objects_restored: [],
    objects_failed: [],
    reason: null,
    ...more,
  });
  const stored = await storedState(modelId, ports, options);
  if ('reason' in stored) return result('unavailable', stored);

  await writeBack(spaceId, stored.space, stored.description, ports.genie, options);
  const live = await ports.genie.getSpace(spaceId, options);
  if (spaceHash(parseSpace(live.serializedSpace)) !== spaceHash(stored.space)) {
    return result('mismatch', { reason: `Space ${spaceId} reads back differently from model ${modelId}.` });
  }
  const { restored, failed } = await restoreObjects(objects, stored.objects, ports, options);
  return result(failed.length === 0 ? 'restored' : 'partial', {
    objects_restored: [`space:${spaceId}`, ...restored],
    objects_failed: failed,
  });
}

interface StoredState {
  readonly space: Space;
  /** `null`: the version says nothing of it, so it is left as it is. */
  readonly description: string | null;
  readonly objects: CatalogSnapshot | null;
}

async function storedState(
  modelId: string,
  { mlflow }: RollbackPorts,
  options: CallOptions,
): Promise<StoredState | { readonly reason: string }> {
  const { run } = await sourceOf(mlflow, modelId, options);
  if (run === null) return { reason: `Model ${modelId} was made outside a run and holds no state.` };
  const config = await readStoredConfig(mlflow, run, options);
  const text = config?.['serialized_space'];
  if (typeof text !== 'string')
    return { reason: `Run ${run.runId} holds no 'model_state/genie_config.json' with a serialized space.` };
  // Only the space itself is sent back, never what the service's answer wraps around it.
  const space = canonicalSpace(parseSpace(text));
  const problem = validateSpace(space).find(({ severity }) => severity === 'error');
  if (problem !== undefined) return { reason: `The recorded space is not valid: ${problem.message}` };
  // A version of a space without a description says so with null.
  const description = config?.['description'] === null ? '' : config?.['description'];
  return {
    space,
    description: typeof description === 'string' ? description : null,
    objects: (await readJson(mlflow, run, OBJECTS_FILE, options)) as CatalogSnapshot | null,
  };
}

/** Nothing is written when space and description are as recorded already. */
function writeBack(
  spaceId: string,
  space: Space,
  description: string | null,
  genie: GeniePort,
  options: CallOptions,
): Promise<void> {
  const text = serializeSpace(space);
  return updateGuarded(
    genie,
    spaceId,
    (live) => {
      const sameDescription = description === null || (live.description ?? '') === description;
      if (sameDescription && serializeSpace(parseSpace(live.serializedSpace)) === text) return null;
      return { serializedSpace: text, ...(sameDescription ? {} : { description }) };
    },
    options,
  );
}
