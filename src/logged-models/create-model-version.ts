import { messageOf } from '../core/index.ts';
import type { CallOptions, CatalogSnapshot, MlflowPort, Run, SpaceExport, SqlPort } from '../ports/index.ts';
import { dataSources, parseSpace, sqlFunctions, type Space } from '../spaces/index.ts';
import { writeJson } from './artifacts.ts';
import { configHash, modelName } from './config-hash.ts';
import { ModelVersionError } from './errors.ts';
import { diffMetadata, type MetadataDiff } from './metadata-diff.ts';
import {
  EMPTY_METADATA,
  METADATA_RELATION_NAMES,
  readMetadata,
  schemasOf,
  type UcMetadata,
} from './metadata.ts';
import { assetCounts, metadataCounts, modelParams, truncate, type ModelFacts } from './model-params.ts';
import { summarizePatches, type RecordedPatch } from './patch-summary.ts';
import { CONFIG_FILE, metadataFile, OBJECTS_FILE, readStoredMetadata, sourceOf } from './stored-model.ts';

/** Type of the models that stand for versions of a space. */
export const MODEL_TYPE = 'genie-space';

/** A state of a space that is about to be evaluated. */
export interface NewModelVersion {
  readonly experimentId: string;
  readonly sessionId: string;
  /** The space that the version is of, even when it was read from a copy. */
  readonly spaceId: string;
  /** As the service answered. */
  readonly config: SpaceExport;
  readonly iteration: number;
  readonly domain: string;
  /** Lever whose change led to this state; 0 for the state as found. */
  readonly lever: number;
  readonly patchSet?: readonly RecordedPatch[] | undefined;
  /** The last *accepted* version; `null` for the first. */
  readonly parentModelId?: string | null | undefined;
  readonly promptVersions?: Readonly<Record<string, string>> | undefined;
  /** `catalog.schema` of the domain; the schemas of the space's own assets are recorded as well. */
  readonly ucSchema?: string | undefined;
  /** Definitions of the objects that the space refers to; without them functions and views cannot be restored. */
  readonly objects?: CatalogSnapshot | undefined;
}

export interface ModelVersion {
  readonly modelId: string;
  readonly runId: string;
  readonly name: string;
  /** First 12 hex of a SHA-256 over space and metadata. */
  readonly configHash: string;
  readonly diff: MetadataDiff | null;
  /** What a reader should know: `uc_snapshot_skipped`, `uc_diff_failed`, `config_unchanged`. */
  readonly notes: readonly { readonly code: string; readonly message: string }[];
}

/** What recording a version needs. */
export interface ModelVersionPorts {
  readonly mlflow: Pick<MlflowPort, 'runs' | 'models' | 'artifacts'>;
  /** Warehouse of the space, for its metadata; `null` records none. */
  readonly sql: SqlPort | null;
}

/**
 * Records a state of a space as a logged model, inside a creation run of its own, with everything needed to come
 * back to it.
 *
 * The model is usable only when this resolves: on any failure it is marked `LOGGED_MODEL_UPLOAD_FAILED`.
 * @throws {ModelVersionError}
 * @see spec/logged-model-lifecycle.md §3, §8
 */
export async function createGenieModelVersion(
  version: NewModelVersion,
  { mlflow, sql }: ModelVersionPorts,
  options: CallOptions = {},
): Promise<ModelVersion> {
  const { spaceId, iteration, domain, experimentId, sessionId, lever } = version;
  const what = `The state of space ${spaceId} before evaluation ${iteration} could not be recorded`;
  const notes: { code: string; message: string }[] = [];
  let facts: ModelFacts;
  try {
    facts = await gatherFacts(version, { mlflow, sql }, notes, options);
  } catch (error) {
    throw new ModelVersionError(what, error, { spaceId, iteration });
  }
  const name = modelName(domain, iteration, facts.configHash);
  const ours = { 'genie_opt.session_id': sessionId, 'genie_opt.lever': String(lever) };

  let run: Run | null = null;
  let modelId: string | null = null;
  try {
    run = await mlflow.runs.start(
      {
        experimentId,
        name: `create_model_iter${iteration}_${facts.configHash}`,
        tags: { ...ours, 'genie_opt.kind': 'model_creation' },
      },
      options,
    );
    const { runId } = run;
    const params = { space_id: spaceId, iteration: String(iteration), domain, model_name: name };
    await mlflow.runs.log(
      runId,
      { params: { ...truncated(params), config_hash: facts.configHash } },
      options,
    );
    const model = await mlflow.models.create(
      {
        experimentId,
        name,
        modelType: MODEL_TYPE,
        sourceRunId: runId,
        params: modelParams(facts),
        tags: {
          ...truncated({ domain, space_id: spaceId, iteration: String(iteration) }),
          ...ours,
          parent_model_id: facts.parentModelId ?? '',
          outcome: 'pending',
        },
      },
      options,
    );
    modelId = model.modelId;
    await writeState(mlflow, run, version, facts, options);
    await mlflow.runs.log(
      runId,
      {
        metrics: Object.entries({
          ...metadataCounts(facts.metadata, facts.diff),
          data_asset_count: assetCounts(facts.space).all,
        }).map(([key, value]) => ({ key, value, step: iteration })),
      },
      options,
    );
    await mlflow.runs.logOutputs(runId, [{ modelId, step: iteration }], options);
    await mlflow.models.finalize(modelId, 'LOGGED_MODEL_READY', options);
    await mlflow.runs.end(runId, 'FINISHED', options);
    return { modelId, runId, name, configHash: facts.configHash, diff: facts.diff, notes };
  } catch (error) {
    await markFailed(mlflow, run, modelId);
    throw new ModelVersionError(what, error, { spaceId, iteration, modelId, runId: run?.runId ?? null });
  }
}

const truncated = (values: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, truncate(value)]));

async function gatherFacts(
  version: NewModelVersion,
  { mlflow, sql }: ModelVersionPorts,
  notes: { code: string; message: string }[],
  options: CallOptions,
): Promise<ModelFacts> {
  const space = parseSpace(version.config.serializedSpace);
  const metadata = await metadataOf(version, space, sql, notes, options);
  const hash = configHash(space, metadata);
  const parentModelId = version.parentModelId ?? null;
  const patches = version.patchSet ?? [];
  const parent = await parentState(mlflow, parentModelId, notes, options);
  const before = parent?.metadata ?? null;
  const diff =
    before === null || parentModelId === null ? null : diffMetadata(before, metadata, parentModelId);
  // The hash does not cover comments of tables, tags of columns and definitions of views; the difference does.
  if (parent?.configHash === hash && diff?.summary.objects_changed === 0) {
    const message =
      patches.length === 0
        ? 'The space is the same as in its last accepted version.'
        : 'The space is the same as in its last accepted version although patches were applied: they had no effect.';
    notes.push({ code: 'config_unchanged', message });
  }
  return {
    ...version,
    space,
    configHash: hash,
    patches,
    parentModelId,
    promptVersions: version.promptVersions ?? {},
    ucSchema: version.ucSchema ?? '',
    metadata,
    diff,
    diffStatus: parentModelId === null ? 'none' : before === null ? 'failed' : 'ok',
  };
}

async function metadataOf(
  { config, ucSchema }: NewModelVersion,
  space: Space,
  sql: SqlPort | null,
  notes: { code: string; message: string }[],
  options: CallOptions,
): Promise<UcMetadata> {
  const schemas = schemasOf([
    ...(ucSchema ? [`${ucSchema}.any`] : []),
    ...dataSources(space).map(({ identifier }) => identifier),
    ...sqlFunctions(space).map(({ identifier }) => identifier),
  ]);
  if (sql !== null && config.warehouseId !== null && schemas.length > 0)
    return readMetadata(sql, schemas, options);
  notes.push({
    code: 'uc_snapshot_skipped',
    message: 'Unity Catalog was not recorded: the space names no warehouse, or no object with a full name.',
  });
  return EMPTY_METADATA;
}

/** What is known of the parent; its metadata is `null` when it cannot be read, which is told in a note. */
async function parentState(
  mlflow: ModelVersionPorts['mlflow'],
  parentModelId: string | null,
  notes: { code: string; message: string }[],
  options: CallOptions,
): Promise<{ readonly configHash: string | null; readonly metadata: UcMetadata | null } | null> {
  if (parentModelId === null) return null;
  try {
    const { model, run } = await sourceOf(mlflow, parentModelId, options);
    const metadata = run === null ? null : await readStoredMetadata(mlflow, run, options);
    if (metadata === null) notes.push(diffFailed(parentModelId, 'it holds no recorded metadata.'));
    return { configHash: model.params['config_hash'] ?? null, metadata };
  } catch (error) {
    if (options.signal?.aborted === true) throw error;
    notes.push(diffFailed(parentModelId, messageOf(error)));
    return { configHash: null, metadata: null };
  }
}

const diffFailed = (parentModelId: string, why: string) => ({
  code: 'uc_diff_failed',
  message: `What changed in Unity Catalog since model ${parentModelId} is not known: ${why}`,
});

async function writeState(
  mlflow: ModelVersionPorts['mlflow'],
  run: Run,
  { config, spaceId, objects, iteration }: NewModelVersion,
  { space, metadata, diff, patches }: ModelFacts,
  options: CallOptions,
): Promise<void> {
  const files: [string, unknown][] = [
    [
      CONFIG_FILE,
      {
        space_id: spaceId,
        title: config.title,
        description: config.description,
        warehouse_id: config.warehouseId,
        etag: config.etag,
        serialized_space: config.serializedSpace,
        _decoded: space,
      },
    ],
    ...METADATA_RELATION_NAMES.map((name): [string, unknown] => [metadataFile(name), metadata[name]]),
    ...(objects === undefined ? [] : [[OBJECTS_FILE, objects] as [string, unknown]]),
    ...(diff === null ? [] : [[metadataFile('metadata_diff'), diff] as [string, unknown]]),
    ...(patches.length === 0
      ? []
      : ([
          ['patches/patch_set.json', patches],
          ['patches/patch_summary.json', summarizePatches(iteration, patches)],
        ] as [string, unknown][])),
  ];
  for (const [path, value] of files) await writeJson(mlflow, run, path, value, options);
}

/** Best effort, and without the caller's signal: a half-made model must not look usable. */
async function markFailed(
  { models, runs }: Pick<MlflowPort, 'models' | 'runs'>,
  run: Run | null,
  modelId: string | null,
): Promise<void> {
  await Promise.allSettled([
    ...(modelId === null ? [] : [models.finalize(modelId, 'LOGGED_MODEL_UPLOAD_FAILED')]),
    ...(run === null ? [] : [runs.end(run.runId, 'FAILED')]),
  ]);
}
