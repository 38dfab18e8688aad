import { HttpResponse } from 'msw';
import * as z from 'zod';
import { path } from '../../../src/clients/index.ts';
import { recorder, type Sent } from './recorder.ts';
import { HOST, type useServer } from './server.ts';

export const schema = z.looseObject({ value: z.number() });
export const thing = path`/api/2.0/thing`;
export const url = `${HOST}${thing}`;

/** Answers requests for the thing one after the other; the last answer again and again. Counts requests. */
export const answeringOn =
  (server: ReturnType<typeof useServer>) =>
  (...answers: readonly (() => Response)[]): { readonly requests: readonly Sent[] } => ({
    requests: recorder(server)(url, ...answers),
  });

export const success = () => HttpResponse.json({ value: 1 });
export const failing =
  (status: number, headers: Record<string, string> = {}) =>
  () =>
    HttpResponse.json({ error_code: 'SOME_CODE', message: 'some text' }, { status, headers });
