import { volumeRoutes } from '../files/volume-routes.ts';
import type { Route } from '../server/router.ts';
import { signedStorageRoutes } from '../server/signed-storage.ts';
import type { SignedStorage } from '../server/signed-storage.ts';
import { artifactRoutes } from './artifact-routes.ts';
import { assessmentRoutes } from './assessment-routes.ts';
import { datasetRoutes } from './dataset-routes.ts';
import { experimentRoutes } from './experiment-routes.ts';
import type { MlflowStore } from './mlflow-store.ts';
import { modelRoutes } from './model-routes.ts';
import { promptRoutes } from './prompt-routes.ts';
import { runRoutes } from './run-routes.ts';
import { tableTraceRoutes } from './table-trace-routes.ts';
import { traceRoutes } from './trace-routes.ts';
import { workspaceDatasetRoutes } from './workspace-dataset-routes.ts';
import { workspacePromptRoutes } from './workspace-prompt-routes.ts';

export interface MlflowSurroundings {
  readonly storage: SignedStorage;
  readonly folderExists: (path: string) => boolean;
  readonly schemaExists: (catalog: string, schema: string) => boolean;
}

/** The part of MLflow that the library uses, in the forms of an open-source server and of a workspace. */
export function mlflowRoutes(store: MlflowStore, around: MlflowSurroundings): Route[] {
  return [
    ...experimentRoutes(store, around.folderExists),
    ...runRoutes(store),
    ...modelRoutes(store),
    ...artifactRoutes(store, around.storage),
    ...signedStorageRoutes(around.storage, store.files),
    ...volumeRoutes(store.files, around.schemaExists),
    ...traceRoutes(store),
    ...tableTraceRoutes(store, around.schemaExists),
    ...assessmentRoutes(store),
    ...promptRoutes(store),
    ...workspacePromptRoutes(store, around.schemaExists),
    ...datasetRoutes(store),
    ...workspaceDatasetRoutes(store),
  ].map((route) => saving(route, store));
}

/** A write is in the state file before its request is answered, also the part of one that failed. */
const saving = (route: Route, store: MlflowStore): Route => {
  const settle = () => (route.method === 'GET' ? store.discard() : store.flush());
  return {
    ...route,
    handle: async (request) => {
      let result: unknown;
      // Nothing is awaited between a change and its saving, so requests cannot mix.
      try {
        result = route.handle(request);
      } catch (error) {
        await settle();
        throw error;
      }
      await settle();
      return result;
    },
  };
};
