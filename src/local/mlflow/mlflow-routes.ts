import type { Route } from '../server/router.ts';
import { artifactRoutes } from './artifact-routes.ts';
import { experimentRoutes } from './experiment-routes.ts';
import { MlflowStore } from './mlflow-store.ts';
import { modelRoutes } from './model-routes.ts';
import { runRoutes } from './run-routes.ts';

/** The part of MLflow that the library writes: experiments, runs, logged models, files. Kept in memory. */
export function mlflowRoutes(now: () => Date): Route[] {
  const store = new MlflowStore(() => now().getTime());
  return [...experimentRoutes(store), ...runRoutes(store), ...modelRoutes(store), ...artifactRoutes(store)];
}
