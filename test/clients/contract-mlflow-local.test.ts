import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe } from 'vitest';
import { type Credentials, HttpClient, MlflowClient } from '../../src/clients/index.ts';
import { type LocalWorkspace, startLocalWorkspace } from '../../src/local/index.ts';
import type { MlflowFlavor } from '../../src/ports/index.ts';
import { describeMlflowPort, openSourceNames, type WrittenToMlflow } from '../contracts/mlflow-port.ts';

const SAMPLE = fileURLToPath(new URL('../fixtures/local-sample', import.meta.url));

const signedIn = (token: string): Credentials => ({
  type: 'pat',
  source: 'the test',
  remedy: 'Pass another one.',
  authorization: () => Promise.resolve(`Bearer ${token}`),
});

const NAMES = {
  'open-source': openSourceNames('1'),
  databricks: {
    experiment: '/Shared/contract',
    prompt: 'town.library.contract_judge',
    dataset: 'town.library.questions',
  },
} as const;

describe.each<MlflowFlavor>(['open-source', 'databricks'])('in the form of %s,', (flavor) => {
  let local: LocalWorkspace;
  let mlflow: MlflowClient;
  const written: WrittenToMlflow = {};

  beforeAll(async () => {
    local = await startLocalWorkspace({ sample: SAMPLE, mlflowFlavor: flavor });
    const http = new HttpClient({ host: local.host, credentials: signedIn(local.token) });
    mlflow = new MlflowClient({ http, flavor });
  });
  afterAll(() => local.close());

  describeMlflowPort('the embedded workspace', () => ({ mlflow, names: NAMES[flavor], written }));
});
