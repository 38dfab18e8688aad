import { InvalidOptionError } from '../../core/index.ts';
import type { Clock, DatasetsPort, MlflowFlavor, MlflowPort, PromptsPort } from '../../ports/index.ts';
import {
  type AuthOptions,
  type AuthSources,
  type Credentials,
  NO_CREDENTIALS,
  processSources,
  resolveAuth,
} from '../auth/index.ts';
import { HttpClient } from '../http/index.ts';
import { systemClock } from '../system/clock.ts';
import { Artifacts } from './artifacts.ts';
import { Datasets } from './datasets.ts';
import { Experiments } from './experiments.ts';
import { LoggedModels } from './logged-models.ts';
import { Prompts } from './prompts.ts';
import { Runs } from './runs.ts';
import { Traces } from './traces.ts';
import { WorkspaceDatasets } from './workspace-datasets.ts';
import { WorkspacePrompts } from './workspace-prompts.ts';

/**
 * MLflow tracking over REST: an open-source server of version 3, or the service of a workspace.
 *
 * @see spec/mlflow-rest.md
 */
export class MlflowClient implements MlflowPort {
  readonly flavor: MlflowFlavor;
  readonly host: string;
  readonly experiments: Experiments;
  readonly runs: Runs;
  readonly models: LoggedModels;
  readonly artifacts: Artifacts;
  readonly traces: Traces;
  readonly prompts: PromptsPort;
  readonly datasets: DatasetsPort;

  constructor(options: { readonly http: HttpClient; readonly flavor: MlflowFlavor; readonly clock?: Clock }) {
    const context = { http: options.http, flavor: options.flavor, clock: options.clock ?? systemClock() };
    this.flavor = options.flavor;
    this.host = options.http.host;
    this.experiments = new Experiments(context);
    this.runs = new Runs(context);
    this.models = new LoggedModels(context);
    this.artifacts = new Artifacts(context);
    this.traces = new Traces(context, this.artifacts);
    const inWorkspace = options.flavor === 'databricks';
    this.prompts = inWorkspace ? new WorkspacePrompts(context) : new Prompts(context);
    this.datasets = inWorkspace ? new WorkspaceDatasets(context) : new Datasets(context);
  }
}

export interface MlflowOptions extends AuthOptions {
  /** `databricks`, `databricks://PROFILE`, or the address of a server. Default: environment `MLFLOW_TRACKING_URI`. */
  readonly trackingUri?: string | undefined;
  readonly sources?: Partial<AuthSources> | undefined;
  readonly clock?: Clock | undefined;
}

/**
 * Connects to MLflow. A server of one's own is signed in to by `MLFLOW_TRACKING_USERNAME` and `…_PASSWORD`, else by
 * `MLFLOW_TRACKING_TOKEN`, else not at all; a workspace as `connect` does it.
 *
 * @throws {InvalidOptionError} when no address is known
 * @throws {AuthConfigurationError}
 */
export async function connectMlflow(options: MlflowOptions = {}): Promise<MlflowClient> {
  const clock = options.clock ?? systemClock();
  const sources = processSources({ clock, ...options.sources });
  const uri = options.trackingUri ?? sources.env['MLFLOW_TRACKING_URI'] ?? '';
  if (uri === '') {
    throw new InvalidOptionError(
      'trackingUri',
      "must name a tracking server, or be 'databricks'; or set MLFLOW_TRACKING_URI",
    );
  }
  const workspace = /^databricks(?:-uc)?(?::\/\/(.+))?$/.exec(uri);
  if (workspace !== null) {
    const auth = await resolveAuth({ ...options, profile: options.profile ?? workspace[1] }, sources);
    const http = new HttpClient({
      host: auth.host,
      credentials: auth.credentials,
      workspaceId: auth.workspaceId,
      clock,
    });
    return new MlflowClient({ http, flavor: 'databricks', clock });
  }
  if (!/^https?:\/\//i.test(uri)) {
    throw new InvalidOptionError(
      'trackingUri',
      `must be the http(s) address of a tracking server, or 'databricks', got '${uri}': folders and databases of this machine are not written to`,
    );
  }
  return new MlflowClient({
    http: new HttpClient({ host: uri, credentials: serverCredentials(sources.env), clock }),
    flavor: 'open-source',
    clock,
  });
}

function serverCredentials(env: AuthSources['env']): Credentials {
  const [user, password, token] = [
    env['MLFLOW_TRACKING_USERNAME'] ?? '',
    env['MLFLOW_TRACKING_PASSWORD'] ?? '',
    env['MLFLOW_TRACKING_TOKEN'] ?? '',
  ];
  const of = (type: Credentials['type'], names: string, value: string): Credentials => ({
    type,
    source: `environment (${names})`,
    remedy: `Set ${names} to valid values.`,
    authorization: () => Promise.resolve(value),
  });
  if (user !== '' && password !== '') {
    return of(
      'basic',
      'MLFLOW_TRACKING_USERNAME, MLFLOW_TRACKING_PASSWORD',
      `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
    );
  }
  return token === '' ? NO_CREDENTIALS : of('pat', 'MLFLOW_TRACKING_TOKEN', `Bearer ${token}`);
}
