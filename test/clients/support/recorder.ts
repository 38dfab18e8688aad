import { http as route, HttpResponse, type JsonBodyType } from 'msw';
import type { useServer } from './server.ts';

export interface Sent {
  readonly method: string;
  readonly url: string;
  readonly body: string;
  readonly headers: Headers;
}

/** Records requests to an address and answers them one after the other; the last answer stays. */
export const recorder =
  (server: ReturnType<typeof useServer>) =>
  (address: string, ...answers: readonly (JsonBodyType | (() => Response))[]): readonly Sent[] => {
    const sent: Sent[] = [];
    server.use(
      route.all(address, async ({ request }) => {
        sent.push({
          method: request.method,
          url: request.url,
          body: await request.text(),
          headers: request.headers,
        });
        const answer = answers[Math.min(sent.length, answers.length) - 1] ?? {};
        return typeof answer === 'function' ? answer() : HttpResponse.json(answer);
      }),
    );
    return sent;
  };

/** The bodies sent, as data. */
export const bodies = (sent: readonly Sent[]): unknown[] =>
  sent.map(({ body }) => JSON.parse(body) as unknown);
