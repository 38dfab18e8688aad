import { http as route, HttpResponse, type HttpHandler } from 'msw';
import { HOST } from './server.ts';

interface StoredMessage {
  readonly message_id: string;
  readonly conversation_id: string;
  readonly content: string;
  feedback?: { readonly rating: string };
}

interface Address extends Record<string, string> {
  readonly id: string;
  readonly conversation: string;
  readonly message: string;
}

const missing = (): Response =>
  HttpResponse.json({ error_code: 'RESOURCE_DOES_NOT_EXIST', message: 'Does not exist' }, { status: 404 });

/** Conversations of Genie with memory; every question is answered with the same SQL. */
export function conversationHandlers(spaceExists: (id: string) => boolean, asked: string[]): HttpHandler[] {
  const conversations = new Map<string, Map<string, StoredMessage>>();
  const space = `${HOST}/api/2.0/genie/spaces/:id`;
  const conversation = `${space}/conversations/:conversation`;
  const message = `${conversation}/messages/:message`;

  const add = (conversationId: string, content: string): StoredMessage => {
    asked.push(content);
    const stored = { message_id: `m${asked.length}`, conversation_id: conversationId, content };
    const messages = conversations.get(conversationId) ?? new Map<string, StoredMessage>();
    conversations.set(conversationId, messages.set(stored.message_id, stored));
    return stored;
  };
  const answered = (stored: StoredMessage) => ({
    ...stored,
    status: 'COMPLETED',
    attachments: [
      { attachment_id: 'a1', query: { query: 'SELECT count(*) FROM orders', statement_id: 'st-1' } },
      { attachment_id: 'a2', suggested_questions: { questions: ['And last year?'] } },
    ],
  });
  const find = (at: Address): StoredMessage | undefined =>
    conversations.get(at.conversation)?.get(at.message);

  return [
    route.post<Address, { content: string }>(`${space}/start-conversation`, async ({ params, request }) => {
      if (!spaceExists(params.id)) return missing();
      const stored = add(`c${asked.length + 1}`, (await request.json()).content);
      const { conversation_id, message_id } = stored;
      return HttpResponse.json({ conversation_id, message_id, message: { ...stored, status: 'SUBMITTED' } });
    }),
    route.post<Address, { content: string }>(`${conversation}/messages`, async ({ params, request }) => {
      if (!conversations.has(params.conversation)) return missing();
      const stored = add(params.conversation, (await request.json()).content);
      return HttpResponse.json({ ...stored, status: 'SUBMITTED' });
    }),
    route.get<Address>(`${conversation}/messages`, ({ params }) =>
      HttpResponse.json({
        messages: [...(conversations.get(params.conversation)?.values() ?? [])].map(answered),
      }),
    ),
    route.get<Address>(message, ({ params }) => {
      const stored = find(params);
      return stored === undefined ? missing() : HttpResponse.json(answered(stored));
    }),
    route.post<Address, { rating: string }>(`${message}/feedback`, async ({ params, request }) => {
      const stored = find(params);
      if (stored === undefined) return missing();
      stored.feedback = { rating: (await request.json()).rating };
      return HttpResponse.json({});
    }),
    route.get<Address>(`${message}/attachments/a1/query-result`, () =>
      HttpResponse.json({
        statement_response: {
          statement_id: 'st-1',
          status: { state: 'SUCCEEDED' },
          manifest: { schema: { columns: [{ name: 'n', type_name: 'LONG', type_text: 'BIGINT' }] } },
          result: { data_array: [['7']] },
        },
      }),
    ),
    route.get<Address>(`${space}/conversations`, () =>
      HttpResponse.json({
        conversations: [...conversations.keys()].map((id) => ({ conversation_id: id, title: 'Orders' })),
      }),
    ),
    route.delete<Address>(conversation, ({ params }) =>
      conversations.delete(params.conversation) ? HttpResponse.json({}) : missing(),
    ),
  ];
}
