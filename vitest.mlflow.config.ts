import { defineConfig } from 'vitest/config';

declare module 'vitest' {
  export interface ProvidedContext {
    mlflow: { readonly uri: string; readonly writtenPath: string };
  }
}

/** Tests against a real MLflow server, whose address `scripts/test-mlflow.ts` puts into the environment. */
export default defineConfig({
  test: {
    include: ['test/mlflow/**/*.suite.ts'],
    testTimeout: 60_000,
    fileParallelism: false,
    provide: {
      mlflow: {
        uri: process.env['MLFLOW_TEST_URI'] ?? '',
        writtenPath: process.env['MLFLOW_TEST_WRITTEN'] ?? '',
      },
    },
  },
});
