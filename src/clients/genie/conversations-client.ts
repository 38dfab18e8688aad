import * as z from 'zod';
import type {
  CallOptions,
  Clock,
  ConversationsPort,
  FeedbackRating,
  GenieAnswer,
  GenieConversation,
  GenieMessage,
  MessageAddress,
  StatementResult,
} from '../../ports/index.ts';
import { type ApiPath, type HttpClient, pages, path } from '../http/index.ts';
import { orNull } from '../or-null.ts';
import { type ConversationLimiter, conversationLimiter } from '../limiter/index.ts';
import { pause } from '../pause.ts';
import { defaultPollInterval, type PollInterval } from '../poll-interval.ts';
import {
  isTerminal,
  SQL_DEFAULTS,
  SqlTimeoutError,
  type StatementWire,
  statementWireSchema,
  succeeded,
  toStatementResult,
} from '../sql/index.ts';
import { systemClock } from '../system/clock.ts';
import { type AskContext, askGenie } from './ask-genie.ts';
import { GENIE_DEFAULTS } from './genie-client.ts';
import { toMessage } from './message.ts';
import {
  conversationListWireSchema,
  emptyWireSchema,
  messageListWireSchema,
  messageWireSchema,
} from './wire.ts';

type ConversationAddress = Pick<MessageAddress, 'spaceId' | 'conversationId'>;

export interface ConversationsClientOptions {
  readonly http: HttpClient;
  /** Give it the one of the `GenieClient`: follow-up questions count like first ones. */
  readonly limiter?: ConversationLimiter;
  readonly pollInterval?: PollInterval;
  readonly askTimeoutMs?: number;
  readonly clock?: Clock;
}

const resultSchema = z.looseObject({ statement_response: statementWireSchema });

/** Conversations with Genie over REST: follow-up questions, attachments, results, feedback. */
export class ConversationsClient implements ConversationsPort {
  readonly #context: AskContext;
  readonly #askTimeoutMs: number;

  constructor(options: ConversationsClientOptions) {
    const clock = options.clock ?? systemClock();
    this.#context = {
      http: options.http,
      clock,
      limiter: options.limiter ?? conversationLimiter({ clock }),
      pollInterval: options.pollInterval ?? defaultPollInterval,
    };
    this.#askTimeoutMs = options.askTimeoutMs ?? GENIE_DEFAULTS.askTimeoutMs;
  }

  async followUp(
    at: ConversationAddress,
    question: string,
    options: CallOptions & { readonly timeoutMs?: number | undefined } = {},
  ): Promise<GenieAnswer> {
    return askGenie(this.#context, {
      spaceId: at.spaceId,
      conversationId: at.conversationId,
      question,
      timeoutMs: options.timeoutMs ?? this.#askTimeoutMs,
      signal: options.signal,
    });
  }

  async message(at: MessageAddress, options: CallOptions = {}): Promise<GenieMessage> {
    const target = messagePath(at);
    const message = await this.#context.http.request({
      ...options,
      method: 'GET',
      path: target,
      schema: messageWireSchema,
    });
    return toMessage(message, at);
  }

  async messages(at: ConversationAddress, options: CallOptions = {}): Promise<readonly GenieMessage[]> {
    const found: GenieMessage[] = [];
    for await (const page of pages(this.#context.http, {
      ...options,
      path: path`/api/2.0/genie/spaces/${at.spaceId}/conversations/${at.conversationId}/messages`,
      query: { page_size: GENIE_DEFAULTS.pageSize },
      schema: messageListWireSchema,
    })) {
      for (const message of page.messages ?? [])
        found.push(toMessage(message, { conversationId: at.conversationId, messageId: '' }));
    }
    return found;
  }

  async conversations(spaceId: string, options: CallOptions = {}): Promise<readonly GenieConversation[]> {
    const found: GenieConversation[] = [];
    for await (const page of pages(this.#context.http, {
      ...options,
      path: path`/api/2.0/genie/spaces/${spaceId}/conversations`,
      query: { page_size: GENIE_DEFAULTS.pageSize },
      schema: conversationListWireSchema,
    })) {
      for (const { conversation_id: conversationId, title } of page.conversations ?? [])
        found.push({ conversationId, title: title ?? '' });
    }
    return found;
  }

  async deleteConversation(at: ConversationAddress, options: CallOptions = {}): Promise<void> {
    await this.#context.http.request({
      ...options,
      method: 'DELETE',
      path: path`/api/2.0/genie/spaces/${at.spaceId}/conversations/${at.conversationId}`,
      schema: emptyWireSchema,
    });
  }

  async sendFeedback(
    at: MessageAddress,
    feedback: { readonly rating: FeedbackRating; readonly comment?: string | undefined },
    options: CallOptions = {},
  ): Promise<void> {
    const target = path`/api/2.0/genie/spaces/${at.spaceId}/conversations/${at.conversationId}/messages/${at.messageId}/feedback`;
    await this.#context.http.request({
      ...options,
      method: 'POST',
      path: target,
      json: {
        rating: feedback.rating,
        ...(feedback.comment === undefined ? {} : { comment: feedback.comment }),
      },
      schema: emptyWireSchema,
      // The last rating counts, so a second one like it changes nothing.
      retry: 'safe',
    });
  }

  /**
   * Rows of a query attachment. When they are no longer kept, the query runs once more, which costs the warehouse.
   *
   * @throws {SqlStatementError} @throws {SqlTimeoutError}
   */
  async queryResult(
    at: MessageAddress & { readonly attachmentId: string },
    options: CallOptions = {},
  ): Promise<StatementResult> {
    const { http } = this.#context;
    const result = path`/api/2.0/genie/spaces/${at.spaceId}/conversations/${at.conversationId}/messages/${at.messageId}/attachments/${at.attachmentId}/query-result`;
    const first = await orNull(this.#statement('GET', result, options));
    const isGone = first === null || first.status.state === 'CLOSED';
    const again = path`/api/2.0/genie/spaces/${at.spaceId}/conversations/${at.conversationId}/messages/${at.messageId}/attachments/${at.attachmentId}/execute-query`;
    const current = isGone ? await this.#statement('POST', again, options) : first;
    return toStatementResult(http, succeeded(await this.#untilEnd(current, result, options)), options);
  }

  async #untilEnd(first: StatementWire, result: ApiPath, options: CallOptions): Promise<StatementWire> {
    const { clock, pollInterval } = this.#context;
    const startedAt = clock.now().getTime();
    let statement = first;
    while (!isTerminal(statement)) {
      const elapsed = clock.now().getTime() - startedAt;
      if (elapsed >= SQL_DEFAULTS.timeoutMs)
        throw new SqlTimeoutError(
          statement.statement_id,
          SQL_DEFAULTS.timeoutMs,
          statement.status.state,
          false,
        );
      await pause(clock, pollInterval(elapsed), options, 'Waiting for the rows of Genie');
      statement = await this.#statement('GET', result, options);
    }
    return statement;
  }

  async #statement(method: 'GET' | 'POST', target: ApiPath, options: CallOptions): Promise<StatementWire> {
    const answer = await this.#context.http.request({
      ...options,
      method,
      path: target,
      schema: resultSchema,
    });
    return answer.statement_response;
  }
}

const messagePath = (at: MessageAddress): ApiPath =>
  path`/api/2.0/genie/spaces/${at.spaceId}/conversations/${at.conversationId}/messages/${at.messageId}`;
