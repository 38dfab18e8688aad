import type { ArtifactOwner, CallOptions, MlflowPort, Run } from '../ports/index.ts';

const ownerOf = ({ runId, artifactUri }: Pick<Run, 'runId' | 'artifactUri'>): ArtifactOwner => ({
  runId,
  artifactUri,
});

/** Writes a value as JSON with two spaces of indentation. */
export const writeJson = (
  { artifacts }: Pick<MlflowPort, 'artifacts'>,
  run: Pick<Run, 'runId' | 'artifactUri'>,
  path: string,
  value: unknown,
  options?: CallOptions,
): Promise<void> => artifacts.write(ownerOf(run), path, `${JSON.stringify(value, null, 2)}\n`, options);

export const writeText = (
  { artifacts }: Pick<MlflowPort, 'artifacts'>,
  run: Pick<Run, 'runId' | 'artifactUri'>,
  path: string,
  text: string,
  options?: CallOptions,
): Promise<void> => artifacts.write(ownerOf(run), path, text, options);

/** Text of an artifact, or `null` when there is none. */
export async function readText(
  { artifacts }: Pick<MlflowPort, 'artifacts'>,
  run: Pick<Run, 'runId' | 'artifactUri'>,
  path: string,
  options?: CallOptions,
): Promise<string | null> {
  const bytes = await artifacts.read(ownerOf(run), path, options);
  return bytes === null ? null : new TextDecoder().decode(bytes);
}

/**
 * Value of a JSON artifact, or `null` when there is none.
 *
 * @throws {SyntaxError} when it is no JSON
 */
export async function readJson(
  mlflow: Pick<MlflowPort, 'artifacts'>,
  run: Pick<Run, 'runId' | 'artifactUri'>,
  path: string,
  options?: CallOptions,
): Promise<unknown> {
  const text = await readText(mlflow, run, path, options);
  return text === null ? null : (JSON.parse(text) as unknown);
}

/** Paths of the files directly below a folder of a run. */
export async function listFiles(
  { artifacts }: Pick<MlflowPort, 'artifacts'>,
  run: Pick<Run, 'runId' | 'artifactUri'>,
  folder: string,
  options?: CallOptions,
): Promise<string[]> {
  const entries = await artifacts.list(ownerOf(run), folder, options);
  return entries.filter(({ isFolder }) => !isFolder).map(({ path }) => path);
}
