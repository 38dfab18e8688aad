import type { RepoOptions } from '../../apply/index.ts';
import { BundleClient, JobsClient, type ConnectedWorkspace } from '../../clients/index.ts';
import type { OptimizeOptions } from '../../pipeline/index.ts';
import { stringOption, UsageError, type CliOption, type CliValues } from '../command.ts';

/** Where the repository keeps what the live side shows. */
export const REPOSITORY_FILE_OPTIONS = {
  'space-file': {
    type: 'string',
    value: 'file',
    help: "The space's JSON in your repository: changes go in as well",
  },
  'metric-view-files': { type: 'string', value: 'folder', help: 'Its YAML files of metric views' },
  'function-files': { type: 'string', value: 'folder', help: 'Its SQL files of functions' },
  'table-files': { type: 'string', value: 'folder', help: 'Its YAML files of tables' },
} as const satisfies Record<string, CliOption>;

/** Options of runs that keep repository files in step and deploy them. */
export const REPOSITORY_OPTIONS = {
  ...REPOSITORY_FILE_OPTIONS,
  'deploy-target': {
    type: 'string',
    value: 'name',
    help: 'Bundle target to deploy at the end; needs --space-file',
  },
  'bundle-dir': { type: 'string', value: 'folder', help: 'Folder with databricks.yml', default: '.' },
  'genie-job': {
    type: 'string',
    value: 'name',
    help: 'Job of the bundle to run after the deployment',
    default: 'genie_spaces_deployment_job',
  },
} as const satisfies Record<string, CliOption>;

/** The places that the options name; `undefined` when they name none. */
export function repositoryPlaces(values: CliValues): Omit<RepoOptions, 'files'> | undefined {
  const places = {
    space: stringOption(values, 'space-file'),
    metricViews: stringOption(values, 'metric-view-files'),
    functions: stringOption(values, 'function-files'),
    tables: stringOption(values, 'table-files'),
  };
  return Object.values(places).some((path) => path !== undefined) ? places : undefined;
}

/** Reads the options of a run. @throws {UsageError} */
export function repositoryArguments(
  values: CliValues,
  workspace: Pick<ConnectedWorkspace, 'http'>,
): Pick<OptimizeOptions, 'repo' | 'deployTarget' | 'genieJob' | 'bundles' | 'jobs'> {
  const repo = repositoryPlaces(values);
  const deployTarget = stringOption(values, 'deploy-target');
  const genieJob = stringOption(values, 'genie-job');
  if (deployTarget === undefined) {
    if (genieJob !== undefined) throw new UsageError('Option --genie-job needs --deploy-target.');
    return { repo };
  }
  if (repo?.space === undefined)
    throw new UsageError(
      'Option --deploy-target needs --space-file: a deployment overwrites what the files of the bundle do not hold.',
    );
  return {
    repo,
    deployTarget,
    genieJob: genieJob ?? REPOSITORY_OPTIONS['genie-job'].default,
    bundles: new BundleClient({
      folder: stringOption(values, 'bundle-dir') ?? REPOSITORY_OPTIONS['bundle-dir'].default,
      profile: stringOption(values, 'profile'),
    }),
    jobs: new JobsClient({ http: workspace.http }),
  };
}
