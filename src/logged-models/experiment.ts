import { InvalidOptionError } from '../core/index.ts';
import type { CallOptions, IdentityPort, TrackingService } from '../ports/index.ts';

/** What the user interface shows of an experiment with evaluations of a space. */
const EXPERIMENT_TAGS = {
  'mlflow.experimentKind': 'genai_development',
  'mlflow.experiment.primaryMetric.name': 'overall_accuracy',
  'mlflow.experiment.primaryMetric.greaterIsBetter': 'true',
};

/**
 * Finds or makes the experiment of a run.
 *
 * @param name - in a workspace below `/Users/<name>/`; default `/Users/<name>/genie-optimization/<domain>`, on a
 *   server of one's own `genie-optimization/<domain>`
 * @throws {InvalidOptionError} another path in a workspace, or no name and nobody is signed in
 * @see spec/pipeline.md §6.0, HC7
 */
export async function openExperiment(
  { mlflow, identity, folders }: TrackingService,
  facts: { readonly name?: string | undefined; readonly domain: string },
  options?: CallOptions,
): Promise<{ readonly experimentId: string; readonly name: string }> {
  if (mlflow.flavor === 'open-source') {
    const name = facts.name ?? `genie-optimization/${facts.domain}`;
    return { name, experimentId: await mlflow.experiments.ensure(name, { tags: EXPERIMENT_TAGS }, options) };
  }
  const name = facts.name ?? (await defaultName(identity, facts.domain, options));
  if (!/^\/Users\/[^/]+\/[^/].*$/.test(name)) {
    throw new InvalidOptionError(
      'experiment',
      `must be a path below a home folder, such as /Users/<mail>/genie-optimization/sales, got '${name}'`,
    );
  }
  await folders?.makeFolder(name.slice(0, name.lastIndexOf('/')), options);
  return { name, experimentId: await mlflow.experiments.ensure(name, { tags: EXPERIMENT_TAGS }, options) };
}

async function defaultName(
  identity: IdentityPort | undefined,
  domain: string,
  options?: CallOptions,
): Promise<string> {
  if (identity === undefined) {
    throw new InvalidOptionError(
      'experiment',
      'is needed: nothing says who is signed in, so no default can be made up',
    );
  }
  const { userName } = await identity.currentUser(options);
  return `/Users/${userName}/genie-optimization/${domain}`;
}
