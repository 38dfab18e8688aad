import { beforeEach } from 'vitest';
import { MlflowClient } from '../../src/clients/index.ts';
import { describeMlflowPort, openSourceNames, type WrittenToMlflow } from '../contracts/mlflow-port.ts';
import { fakeMlflow } from './support/fake-mlflow.ts';
import { makeHttp, useServer } from './support/server.ts';

const server = useServer();
const handlers = fakeMlflow();

beforeEach(() => server.use(...handlers));

const { http, clock } = makeHttp();
const mlflow = new MlflowClient({ http, clock, flavor: 'open-source' });
const written: WrittenToMlflow = {};

describeMlflowPort('MlflowClient over HTTP', () => ({ mlflow, names: openSourceNames('1'), written }));
