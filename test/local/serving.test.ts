import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalWorkspace } from '../../src/local/index.ts';
import { workspaceWithApi } from './http.ts';
import type { Api } from './http.ts';

/** A server of the OpenAI chat protocol that says what it was sent. */
const upstream = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = JSON.parse(Buffer.concat(chunks).toString()) as { model: string };
    const [status, text] =
      body.model === 'busy'
        ? [429, '{"error":"slow down"}']
        : body.model === 'locked'
          ? [401, '{"error":"bad key"}']
          : body.model === 'page'
            ? [200, '<html>']
            : [
                200,
                JSON.stringify({
                  choices: [{ message: { role: 'assistant', content: request.headers.authorization } }],
                  sent: body,
                  url: request.url,
                }),
              ];
    response.writeHead(status, { 'content-type': 'application/json', 'retry-after': '7' });
    response.end(text);
  });
});

let workspace: LocalWorkspace;
let api: Api;
beforeAll(async () => {
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/v1/`;
  const forwarded = (name: string) => ({ name, forwardTo: { baseUrl, apiKey: 'upstream-key' } });
  ({ workspace, api } = await workspaceWithApi({
    servingEndpoints: [
      { name: 'script', answer: ['first', 'then'] },
      { name: 'echo', answer: ({ messages, count }) => `${count}: ${messages.at(-1)?.content ?? ''}` },
      { name: 'model', forwardTo: { baseUrl, model: 'tiny', apiKey: 'upstream-key' } },
      ...['busy', 'locked', 'page'].map(forwarded),
      { name: 'gone', forwardTo: { baseUrl: 'http://127.0.0.1:1/v1' } },
    ],
  }));
});
afterAll(async () => {
  await workspace.close();
  await new Promise((resolve) => upstream.close(resolve));
});

const messages = [{ role: 'user', content: 'Hello there' }];
const invoke = (name: string, more: object = {}) =>
  api('POST', `/serving-endpoints/${name}/invocations`, { messages, ...more });
const contentOf = (body: Record<string, unknown>) =>
  (body['choices'] as { message: { content: string } }[])[0]?.message.content;

describe('scripted endpoints', () => {
  it('answer in order and then go on with the last answer', async () => {
    const answers: unknown[] = [];
    for (let count = 0; count < 3; count += 1) answers.push(contentOf((await invoke('script')).body));
    expect(answers).toEqual(['first', 'then', 'then']);
  });

  it('answer by a function, under both addresses', async () => {
    expect(contentOf((await invoke('echo')).body)).toBe('0: Hello there');
    const body = { model: 'echo', messages };
    const second = await api('POST', '/serving-endpoints/chat/completions', body);
    expect(second.body).toMatchObject({ model: 'echo', object: 'chat.completion' });
    expect(contentOf(second.body)).toBe('1: Hello there');
  });
});

describe('forwarded endpoints', () => {
  it('pass the request on under the name of the model and with the key of its server', async () => {
    const { body } = await invoke('model', { max_tokens: 5 });
    expect(body).toMatchObject({
      sent: { model: 'tiny', max_tokens: 5, messages },
      url: '/v1/chat/completions',
    });
    expect(contentOf(body)).toBe('Bearer upstream-key');
  });

  it.each([
    ['busy', 429, 'REQUEST_LIMIT_EXCEEDED'],
    ['locked', 403, 'PERMISSION_DENIED'],
    ['page', 502, 'BAD_GATEWAY'],
    ['gone', 503, 'TEMPORARILY_UNAVAILABLE'],
  ])('say how %s failed', async (name, status, code) => {
    const answer = await invoke(name);
    expect([answer.status, answer.body['error_code']]).toEqual([status, code]);
    expect(JSON.stringify(answer.body)).not.toContain('upstream-key');
  });

  it('hand on when to come back', async () => {
    expect((await invoke('busy')).headers.get('retry-after')).toBe('7');
  });
});

it('lists the endpoints', async () => {
  const { body } = await api('GET', '/api/2.0/serving-endpoints');
  expect((body['endpoints'] as { name: string }[]).map(({ name }) => name)).toContain('script');
  const { body: one } = await api('GET', '/api/2.0/serving-endpoints/script');
  expect(one).toMatchObject({ name: 'script', state: { ready: 'READY' } });
});

it.each([
  ['none', {}, 404],
  ['script', { messages: [] }, 400],
  ['script', { messages: [{ role: 'user' }] }, 400],
  ['script', { stream: true }, 400],
])('refuses a request to %s with %o', async (name, more, status) => {
  expect((await invoke(name, more)).status).toBe(status);
});
