import { connectMlflow } from '../../clients/index.ts';
import { TRACKING_MODES } from '../../logged-models/index.ts';
import type { OptimizeOptions } from '../../pipeline/index.ts';
import {
  choice,
  flagOption,
  stringOption,
  wordOption,
  type CliIo,
  type CliOption,
  type CliValues,
} from '../command.ts';

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
  'uc-traces': { type: 'boolean', help: 'Keep traces in tables of --uc-schema' },
  'require-uc-traces': { type: 'boolean', help: 'As --uc-traces; do not begin where they cannot be kept' },
  'require-tracking': { type: 'boolean', help: 'Stop when the run cannot be tracked, instead of warning' },
  'allow-missing-model': choice(['true', 'false'], {
    help: 'When a state has no version in MLflow: go on, or end with an error',
    default: 'go on if none could be recorded from the start',
  }),
} as const satisfies Record<string, CliOption>;

/**
 * Reads the options above. MLflow is that of the workspace, unless MLFLOW_TRACKING_URI names a server of its own.
 *
 * @throws {UsageError}
 */
export async function trackingArguments(
  values: CliValues,
  { env }: Pick<CliIo, 'env'>,
): Promise<
  Pick<
    OptimizeOptions,
    | 'tracking'
    | 'experiment'
    | 'ucSchema'
    | 'mlflow'
    | 'ucTraces'
    | 'requireUcTraces'
    | 'requireTracking'
    | 'allowMissingModel'
  >
> {
  const tracking = wordOption(values, 'tracking', TRACKING_MODES);
  const missing = wordOption(values, 'allow-missing-model', TRACKING_OPTIONS['allow-missing-model'].choices);
  const experiment = stringOption(values, 'experiment');
  const isTracked = (tracking ?? (experiment === undefined ? 'off' : 'full')) !== 'off';
  const server = env['MLFLOW_TRACKING_URI'] ?? '';
  const isOwnServer = server !== '' && !server.startsWith('databricks');
  const needsServer = isTracked || stringOption(values, 'resume-from-run') !== undefined;
  return {
    tracking,
    experiment,
    ucSchema: stringOption(values, 'uc-schema'),
    ucTraces: flagOption(values, 'uc-traces'),
    requireUcTraces: flagOption(values, 'require-uc-traces'),
    requireTracking: flagOption(values, 'require-tracking'),
    allowMissingModel: missing === undefined ? undefined : missing === 'true',
    ...(needsServer && isOwnServer
      ? { mlflow: { mlflow: await connectMlflow({ trackingUri: server }) } }
      : {}),
  };
}
