import { http as route, HttpResponse } from 'msw';
import * as z from 'zod';
import { path } from '../../../src/clients/index.ts';
import { HOST, type useServer } from './server.ts';

export const schema = z.looseObject({ value: z.number() });
export const thing = path`/api/2.0/thing`;
export const url = `${HOST}${thing}`;

/** Answers requests for the thing one after the other; the last answer again and again. Counts requests. */
export const answeringOn =
  (server: ReturnType<typeof useServer>) =>
  (...answers: readonly (() => Response)[]): { readonly requests: Request[] } => {
    const requests: Request[] = [];
    server.use(
      route.all(url, ({ request }) => {
        requests.push(request);
        return answers[Math.min(requests.length, answers.length) - 1]?.();
      }),
    );
    return { requests };
  };

export const success = () => HttpResponse.json({ value: 1 });
export const failing =
  (status: number, headers: Record<string, string> = {}) =>
  () =>
    HttpResponse.json({ error_code: 'SOME_CODE', message: 'some text' }, { status, headers });
