import { invalidParameter } from './api-error.ts';
import type { ConversationStore, Message } from './conversation-store.ts';
import { type GenieAnswers, type GenieAttachment, RESULT_ROWS } from './genie-answers.ts';
import { pageOf } from './paging.ts';
import { optionalText, requiredText } from './read-fields.ts';
import type { ApiRequest, Route } from './router.ts';
import type { SpaceStore } from './space-store.ts';
import type { StartLimiter } from './start-limiter.ts';
import { statementResponse } from './statement-wire.ts';
import type { StatementStore } from './statement-store.ts';

export interface ConversationDependencies {
  readonly spaces: SpaceStore;
  readonly conversations: ConversationStore;
  readonly answers: GenieAnswers;
  readonly statements: StatementStore;
  readonly limiter: StartLimiter;
  /** How long the next message stays unfinished at least, in milliseconds. */
  readonly nextLatencyMs: () => number;
  readonly now: () => Date;
}

const SPACE = '/api/2.0/genie/spaces/:space_id';
const CONVERSATION = `${SPACE}/conversations/:conversation_id`;
const MESSAGE = `${CONVERSATION}/messages/:message_id`;

/** What a message says while it is not finished, by share of the latency gone. @see spec/databricks-apis.md §2.2 */
const PROGRESS = [
  'SUBMITTED',
  'FETCHING_METADATA',
  'FILTERING_CONTEXT',
  'ASKING_AI',
  'EXECUTING_QUERY',
] as const;

/** Conversations: questions, polling, results. */
export function conversationRoutes(dependencies: ConversationDependencies): Route[] {
  const { spaces, conversations, answers, statements, limiter, nextLatencyMs, now } = dependencies;
  const ask = ({ params, body }: ApiRequest, conversationId: string | null): Message => {
    const space = spaces.get(params['space_id'] ?? '');
    const content = requiredText(body, 'content');
    if (conversationId !== null) conversations.conversation(space.spaceId, conversationId);
    limiter.take();
    const message = conversations.add(space.spaceId, conversationId, content, {
      createdAt: now().getTime(),
      latencyMs: nextLatencyMs(),
    });
    message.ended = answers.answer(space.spaceId, spaces.content(space.spaceId), content).then((outcome) => {
      message.outcome = outcome;
    });
    return message;
  };
  const find = ({ params }: ApiRequest): Message =>
    conversations.message(
      params['space_id'] ?? '',
      params['conversation_id'] ?? '',
      params['message_id'] ?? '',
    );
  const show = (message: Message) => messageBody(message, now().getTime());
  const queryResult = async (request: ApiRequest, attachmentId: string | undefined) => {
    const message = find(request);
    await message.ended;
    const id =
      attachmentId ?? message.outcome?.attachments.find((each) => each.kind === 'query')?.attachmentId ?? '';
    const attachment = conversations.attachment(message, id);
    if (attachment.kind !== 'query' || attachment.statementId === null)
      throw invalidParameter(`Attachment ${id} has no query result.`);
    return { statement_response: statementResponse(statements.get(attachment.statementId)) };
  };
  const runAgain = async (request: ApiRequest, id: string) => {
    const message = find(request);
    await message.ended;
    const attachment = conversations.attachment(message, id);
    if (attachment.kind !== 'query') throw invalidParameter(`Attachment ${id} has no query.`);
    const statement = statements.start(attachment.sql, { rowLimit: RESULT_ROWS });
    conversations.replaceAttachment(message, { ...attachment, statementId: statement.statementId });
    return { statement_response: statementResponse(statement) };
  };
  return [
    {
      method: 'POST',
      path: `${SPACE}/start-conversation`,
      handle: (request) => {
        const message = ask(request, null);
        return {
          conversation_id: message.conversationId,
          message_id: message.messageId,
          conversation: {
            id: message.conversationId,
            conversation_id: message.conversationId,
            space_id: message.spaceId,
            title: message.content,
            created_timestamp: message.createdAt,
          },
          message: show(message),
        };
      },
    },
    {
      method: 'POST',
      path: `${CONVERSATION}/messages`,
      handle: (request) => show(ask(request, request.params['conversation_id'] ?? '')),
    },
    {
      method: 'GET',
      path: `${CONVERSATION}/messages`,
      handle: ({ params, query }) => {
        const page = pageOf(
          conversations.messages(params['space_id'] ?? '', params['conversation_id'] ?? ''),
          query,
          { size: 50, max: 100 },
        );
        return {
          messages: page.items.map(show),
          ...(page.nextPageToken === undefined ? {} : { next_page_token: page.nextPageToken }),
        };
      },
    },
    {
      method: 'GET',
      path: MESSAGE,
      handle: async (request) => {
        const message = find(request);
        // Past the latency only the engine's own work is left, which is short.
        if (now().getTime() - message.createdAt >= message.latencyMs) await message.ended;
        return show(message);
      },
    },
    {
      method: 'GET',
      path: `${MESSAGE}/attachments/:attachment_id/query-result`,
      handle: (request) => queryResult(request, request.params['attachment_id']),
    },
    {
      method: 'POST',
      path: `${MESSAGE}/attachments/:attachment_id/execute-query`,
      handle: (request) => runAgain(request, request.params['attachment_id'] ?? ''),
    },
    {
      method: 'GET',
      path: `${MESSAGE}/query-result/:attachment_id`,
      handle: (request) => queryResult(request, request.params['attachment_id']),
    },
    { method: 'GET', path: `${MESSAGE}/query-result`, handle: (request) => queryResult(request, undefined) },
    {
      method: 'POST',
      path: `${MESSAGE}/feedback`,
      handle: (request) => {
        const rating = requiredText(request.body, 'rating');
        if (!['POSITIVE', 'NEGATIVE', 'NONE'].includes(rating))
          throw invalidParameter(`rating must be POSITIVE, NEGATIVE or NONE, got '${rating}'.`);
        find(request).feedback = { rating, comment: optionalText(request.body, 'comment') ?? null };
        return {};
      },
    },
    {
      method: 'GET',
      path: `${SPACE}/conversations`,
      handle: ({ params, query }) => {
        const page = pageOf(
          conversations.conversations(spaces.get(params['space_id'] ?? '').spaceId),
          query,
          { size: 20, max: 100 },
        );
        return {
          conversations: page.items.map((each) => ({
            conversation_id: each.conversationId,
            title: each.title,
            created_timestamp: each.createdAt,
            agent_type: 'GENIE_CONVERSATION_TYPE_CHAT',
          })),
          ...(page.nextPageToken === undefined ? {} : { next_page_token: page.nextPageToken }),
        };
      },
    },
    {
      method: 'DELETE',
      path: CONVERSATION,
      handle: ({ params }) => {
        conversations.deleteConversation(params['space_id'] ?? '', params['conversation_id'] ?? '');
        return {};
      },
    },
  ];
}

function messageBody(message: Message, nowMs: number): Record<string, unknown> {
  const { latencyMs } = message;
  const elapsed = nowMs - message.createdAt;
  const waiting = latencyMs > 0 && elapsed < latencyMs;
  const outcome = waiting ? null : message.outcome;
  const step =
    latencyMs === 0 ? 0 : Math.min(PROGRESS.length - 1, Math.floor((elapsed / latencyMs) * PROGRESS.length));
  return {
    id: message.messageId,
    message_id: message.messageId,
    conversation_id: message.conversationId,
    space_id: message.spaceId,
    user_id: 1,
    content: message.content,
    created_timestamp: message.createdAt,
    last_updated_timestamp: nowMs,
    status: outcome?.status ?? PROGRESS[step],
    ...(outcome === null ? {} : { attachments: outcome.attachments.map(attachmentBody) }),
    ...(outcome === null || outcome.error === null
      ? {}
      : { error: { error: outcome.error.message, type: outcome.error.type } }),
    ...(message.feedback === null
      ? {}
      : {
          feedback: {
            rating: message.feedback.rating,
            ...(message.feedback.comment === null ? {} : { comment: message.feedback.comment }),
          },
        }),
  };
}

function attachmentBody(attachment: GenieAttachment): Record<string, unknown> {
  if (attachment.kind === 'text') {
    return {
      attachment_id: attachment.attachmentId,
      text: {
        content: attachment.content,
        ...(attachment.asksBack ? { purpose: 'FOLLOW_UP_QUESTION' } : {}),
      },
    };
  }
  return {
    attachment_id: attachment.attachmentId,
    query: {
      query: attachment.sql,
      ...(attachment.description === null ? {} : { description: attachment.description }),
      ...(attachment.statementId === null ? {} : { statement_id: attachment.statementId }),
      query_result_metadata: { row_count: attachment.rowCount, is_truncated: attachment.truncated },
      thoughts: attachment.thoughts.map(({ type, content }) => ({
        thought_type: type.startsWith('THOUGHT_TYPE_') ? type : `THOUGHT_TYPE_${type}`,
        content,
      })),
    },
  };
}
