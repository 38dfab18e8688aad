import { messageOf, nameParts } from '../core/index.ts';
import type { CallOptions, MlflowPort, TraceTables } from '../ports/index.ts';
import { UcTracesUnavailableError } from './errors.ts';

/**
 * Where traces are kept: in the experiment, unless it is linked to tables of Unity Catalog already; `link` links it
 * when it is not; `require` refuses a run whose traces would be kept in the experiment.
 */
export type UcTraces = 'if-linked' | 'link' | 'require';

/** What is known before anything is written. @throws {UcTracesUnavailableError} where traces cannot be in tables */
export function checkUcTraces(
  wanted: UcTraces,
  { mode, flavor }: { readonly mode: string; readonly flavor: MlflowPort['flavor'] },
): void {
  if (wanted !== 'require') return;
  if (mode !== 'full') throw new UcTracesUnavailableError("there are traces with tracking: 'full' only.");
  if (flavor !== 'databricks')
    throw new UcTracesUnavailableError('the server is not the MLflow of a workspace.');
}

/**
 * Settles where the traces of a run are kept, before the first of them.
 *
 * @param facts.warehouseId - asked only when tables have to be made
 * @param onProblem - told when they are kept in the experiment although there is a schema for them
 * @returns the tables; `null`: the experiment keeps them
 * @throws {UcTracesUnavailableError} they are required, and the experiment cannot be linked
 * @see spec/mlflow-rest.md §10.4, HC22
 */
export async function settleTraceStorage(
  mlflow: Pick<MlflowPort, 'flavor' | 'experiments' | 'traces'>,
  facts: {
    readonly wanted: UcTraces;
    readonly experimentId: string;
    readonly experimentName: string;
    readonly ucSchema: string | null;
    readonly warehouseId: () => Promise<string | null>;
  },
  onProblem: (code: string, message: string) => void,
  options: CallOptions,
): Promise<TraceTables | null> {
  const { wanted, experimentId, experimentName, ucSchema } = facts;
  if (mlflow.flavor !== 'databricks') return null;
  try {
    const experiment = await mlflow.experiments.findByName(experimentName, options);
    const linked = experiment === null ? null : mlflow.traces.tablesOf(experiment);
    if (linked !== null) return linked;
    const [catalog, schema] = nameParts(ucSchema ?? '');
    const hasSchema = catalog !== undefined && schema !== undefined;
    if (wanted !== 'if-linked' && hasSchema) {
      const prefix = `genie_opt_${experimentId}`;
      const warehouseId = await facts.warehouseId();
      return await mlflow.traces.keepInTables(
        experimentId,
        { catalog, schema, prefix, warehouseId },
        options,
      );
    }
    if (wanted === 'require')
      throw new UcTracesUnavailableError(
        `experiment ${experimentName} is linked to no tables, and no ucSchema names a place for them.`,
      );
    if (hasSchema || wanted === 'link') onProblem('uc_traces_unavailable', KEPT_IN_EXPERIMENT);
  } catch (error) {
    if (options.signal?.aborted === true || error instanceof UcTracesUnavailableError) throw error;
    const why = messageOf(error);
    if (wanted === 'require')
      throw new UcTracesUnavailableError(
        `experiment ${experimentName} could not be linked to tables in ${ucSchema ?? ''}: ${why} One that holds traces cannot be linked: name a new one.`,
        error,
      );
    onProblem('uc_traces_unavailable', `${KEPT_IN_EXPERIMENT} ${why}`);
  }
  return null;
}

const KEPT_IN_EXPERIMENT =
  'Traces are kept in the experiment, not in Unity Catalog: it is linked to no tables. Set ucTraces with a ucSchema and a new experiment to link it.';
