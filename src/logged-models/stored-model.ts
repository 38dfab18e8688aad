import type { CallOptions, LoggedModel, MlflowPort, Run } from '../ports/index.ts';
import { listFiles, readJson } from './artifacts.ts';
import { EMPTY_METADATA, METADATA_RELATION_NAMES, type MetadataRow, type UcMetadata } from './metadata.ts';

/** Folder of a creation run that holds the state of the space. */
export const STATE_FOLDER = 'model_state';
export const CONFIG_FILE = `${STATE_FOLDER}/genie_config.json`;
/** Definitions of the objects that the space refers to, as they are needed to restore them. */
export const OBJECTS_FILE = `${STATE_FOLDER}/uc_objects.json`;
export const metadataFile = (relation: string): string => `${STATE_FOLDER}/uc_${relation}.json`;

/** A model with the run that made it; `null` run: nothing can be read of it. */
export async function sourceOf(
  mlflow: Pick<MlflowPort, 'models' | 'runs'>,
  modelId: string,
  options?: CallOptions,
): Promise<{ readonly model: LoggedModel; readonly run: Run | null }> {
  const model = await mlflow.models.get(modelId, options);
  const run = model.sourceRunId === null ? null : await mlflow.runs.get(model.sourceRunId, options);
  return { model, run };
}

/** The Unity Catalog rows of a creation run; a missing file counts as empty, `null` when all are missing. */
export async function readStoredMetadata(
  mlflow: Pick<MlflowPort, 'artifacts'>,
  run: Pick<Run, 'runId' | 'artifactUri'>,
  options?: CallOptions,
): Promise<UcMetadata | null> {
  const entries = await Promise.all(
    METADATA_RELATION_NAMES.map(
      async (relation) =>
        [
          relation,
          (await readJson(mlflow, run, metadataFile(relation), options)) as MetadataRow[] | null,
        ] as const,
    ),
  );
  if (entries.every(([, rows]) => rows === null)) return null;
  return {
    ...EMPTY_METADATA,
    ...Object.fromEntries(entries.map(([relation, rows]) => [relation, rows ?? []])),
  };
}

/** The stored answer of the space's GET request; when its file is missing, any other `*config*.json` of the folder. */
export async function readStoredConfig(
  mlflow: Pick<MlflowPort, 'artifacts'>,
  run: Pick<Run, 'runId' | 'artifactUri'>,
  options?: CallOptions,
): Promise<Readonly<Record<string, unknown>> | null> {
  const exact = await readJson(mlflow, run, CONFIG_FILE, options);
  if (exact !== null) return exact as Record<string, unknown>;
  const names = await listFiles(mlflow, run, STATE_FOLDER, options);
  const other = names.find((name) => /config[^/]*\.json$/.test(name));
  return other === undefined
    ? null
    : ((await readJson(mlflow, run, other, options)) as Record<string, unknown>);
}
