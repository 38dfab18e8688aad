import { randomUUID } from 'node:crypto';
import { messageOf } from '../../core/index.ts';
import { ApiError, invalidParameter, notFound } from '../server/api-error.ts';
import { requiredText } from '../server/read-fields.ts';
import type { ApiRequest, Route } from '../server/router.ts';
import { readObjects } from '../mlflow/read-entries.ts';
import type {
  ChatRequest,
  ForwardedEndpoint,
  ScriptedEndpoint,
  ServingEndpoint,
} from './serving-endpoint.ts';

/** Models behind serving endpoints. @see spec/databricks-apis.md §7 */
export function servingRoutes(endpoints: readonly ServingEndpoint[], now: () => number): Route[] {
  const counts = new Map<string, number>();
  const find = (name: string): ServingEndpoint => {
    const found = endpoints.find((endpoint) => endpoint.name === name);
    if (found === undefined) throw notFound(`Endpoint with name '${name}' does not exist.`);
    return found;
  };
  const invoke = (endpoint: ServingEndpoint, request: ApiRequest): unknown => {
    if (request.body['stream'] === true)
      throw invalidParameter('The embedded workspace does not stream answers. Leave `stream` out.');
    const messages = readMessages(request.body['messages']);
    if ('forwardTo' in endpoint) return forward(endpoint, request);
    const count = counts.get(endpoint.name) ?? 0;
    counts.set(endpoint.name, count + 1);
    return scripted(endpoint, { messages, body: request.body, count }, now());
  };
  return [
    {
      method: 'GET',
      path: '/api/2.0/serving-endpoints',
      handle: () => ({ endpoints: endpoints.map(endpointBody) }),
    },
    {
      method: 'GET',
      path: '/api/2.0/serving-endpoints/:name',
      handle: ({ params }) => endpointBody(find(params['name'] ?? '')),
    },
    {
      method: 'POST',
      path: '/serving-endpoints/chat/completions',
      handle: (request) => invoke(find(requiredText(request.body, 'model')), request),
    },
    {
      method: 'POST',
      path: '/serving-endpoints/:name/invocations',
      handle: (request) => invoke(find(request.params['name'] ?? ''), request),
    },
  ];
}

const endpointBody = ({ name }: ServingEndpoint) => ({
  name,
  task: 'llm/v1/chat',
  state: { ready: 'READY', config_update: 'NOT_UPDATING' },
});

function readMessages(value: unknown): ChatRequest['messages'] {
  const messages = readObjects(value, 'messages').map(({ role, content }) => {
    if (typeof role !== 'string' || typeof content !== 'string')
      throw invalidParameter("Every message must have the texts 'role' and 'content'.");
    return { role, content };
  });
  if (messages.length === 0) throw invalidParameter('Missing required field: messages');
  return messages;
}

async function scripted(endpoint: ScriptedEndpoint, request: ChatRequest, nowMs: number): Promise<unknown> {
  const { answer } = endpoint;
  const content =
    typeof answer === 'function' ? await answer(request) : (answer[request.count] ?? answer.at(-1) ?? '');
  const words = (text: string) => text.split(/\s+/).filter((word) => word !== '').length;
  const promptTokens = request.messages.reduce((sum, message) => sum + words(message.content), 0);
  return {
    id: `chatcmpl-${randomUUID()}`,
    object: 'chat.completion',
    created: Math.floor(nowMs / 1000),
    model: endpoint.name,
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
    // Words, as a stand-in: a script has no tokenizer.
    usage: {
      prompt_tokens: promptTokens,
      completion_tokens: words(content),
      total_tokens: promptTokens + words(content),
    },
  };
}

async function forward({ name, forwardTo }: ForwardedEndpoint, request: ApiRequest): Promise<unknown> {
  const { baseUrl, apiKey, model = name } = forwardTo;
  let response: Response;
  let text: string;
  try {
    response = await fetch(`${baseUrl.replace(/\/$/, '')}/chat/completions`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
      },
      body: JSON.stringify({ ...request.body, model }),
      signal: request.signal,
    });
    text = await response.text();
  } catch (cause) {
    const reason = messageOf(cause);
    throw new ApiError(
      503,
      'TEMPORARILY_UNAVAILABLE',
      `The model behind endpoint '${name}' cannot be reached (${reason}).`,
    );
  }
  if (!response.ok)
    throw new ApiError(
      response.status === 401 ? 403 : response.status,
      CODES[response.status] ?? (response.status < 500 ? 'BAD_REQUEST' : 'INTERNAL_ERROR'),
      `External model provider answered ${response.status}: ${text.slice(0, 2000)}`,
      retryAfter(response),
    );
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError(
      502,
      'BAD_GATEWAY',
      `The model behind endpoint '${name}' answered something other than JSON.`,
    );
  }
}

const CODES: Readonly<Record<number, string>> = {
  // A key that the provider refuses is a fault of the endpoint, not of the caller's token.
  401: 'PERMISSION_DENIED',
  403: 'PERMISSION_DENIED',
  404: 'RESOURCE_DOES_NOT_EXIST',
  429: 'REQUEST_LIMIT_EXCEEDED',
  503: 'TEMPORARILY_UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
};

const retryAfter = (response: Response): Record<string, string> => {
  const value = response.headers.get('retry-after');
  return value === null ? {} : { 'Retry-After': value };
};
