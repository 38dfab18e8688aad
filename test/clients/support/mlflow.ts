import { HttpResponse } from 'msw';
import { MlflowClient, type MlflowFlavor } from '../../../src/clients/index.ts';
import { HOST, makeHttp } from './server.ts';

export const API = `${HOST}/api/2.0/mlflow`;

export function makeMlflow(flavor: MlflowFlavor = 'open-source'): MlflowClient {
  const { http, clock } = makeHttp();
  return new MlflowClient({ http, clock, flavor });
}

/** An answer that says what is wrong the way MLflow does. */
export const error = (status: number, error_code: string) => () =>
  HttpResponse.json({ error_code, message: 'reason' }, { status });
