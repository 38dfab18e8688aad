import { connectMlflow } from '../../clients/index.ts';
import { TRACKING_MODES, type TrackingMode } from '../../logged-models/index.ts';
import type { OptimizeOptions } from '../../pipeline/index.ts';
import { choice, stringOption, UsageError, type CliIo, type CliOption, type CliValues } from '../command.ts';

/** Options of the commands whose runs can be tracked in MLflow. */
export const TRACKING_OPTIONS = {
  tracking: choice(TRACKING_MODES, {
    help: 'How much of the run goes to MLflow',
    default: 'full with --experiment, else off',
  }),
  experiment: {
    type: 'string',
    value: 'path',
    help: 'MLflow experiment; with --tracking alone /Users/<you>/genie-optimization/<domain>',
  },
  'uc-schema': {
    type: 'string',
    value: 'catalog.schema',
    help: 'Where prompts, dataset and verdicts of a tracked run go',
  },
} as const satisfies Record<string, CliOption>;

/**
 * Reads the options above. MLflow is that of the workspace, unless MLFLOW_TRACKING_URI names a server of its own.
 *
 * @throws {UsageError}
 */
export async function trackingArguments(
  values: CliValues,
  { env }: Pick<CliIo, 'env'>,
): Promise<Pick<OptimizeOptions, 'tracking' | 'experiment' | 'ucSchema' | 'mlflow'>> {
  const tracking = modeOption(stringOption(values, 'tracking'));
  const experiment = stringOption(values, 'experiment');
  const isTracked = (tracking ?? (experiment === undefined ? 'off' : 'full')) !== 'off';
  const server = env['MLFLOW_TRACKING_URI'] ?? '';
  const isOwnServer = server !== '' && !server.startsWith('databricks');
  const needsServer = isTracked || stringOption(values, 'resume-from-run') !== undefined;
  return {
    tracking,
    experiment,
    ucSchema: stringOption(values, 'uc-schema'),
    ...(needsServer && isOwnServer
      ? { mlflow: { mlflow: await connectMlflow({ trackingUri: server }) } }
      : {}),
  };
}

function modeOption(value: string | undefined): TrackingMode | undefined {
  if (value === undefined) return undefined;
  const known = TRACKING_MODES.find((mode) => mode === value);
  if (known === undefined)
    throw new UsageError(`Option --tracking must be ${TRACKING_MODES.join(', ')}, got '${value}'.`);
  return known;
}
