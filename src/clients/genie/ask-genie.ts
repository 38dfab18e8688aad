import { InvalidOptionError } from '../../core/index.ts';
import type { CallOptions, Clock, GenieAnswer } from '../../ports/index.ts';
import { type HttpClient, path } from '../http/index.ts';
import type { ConversationLimiter } from '../limiter/index.ts';
import { pause } from '../pause.ts';
import type { PollInterval } from '../poll-interval.ts';
import { isTerminal, toAnswer } from './answer.ts';
import { followUpWireSchema, type MessageWire, messageWireSchema, startWireSchema } from './wire.ts';

export interface AskContext {
  readonly http: HttpClient;
  readonly limiter: ConversationLimiter;
  readonly pollInterval: PollInterval;
  readonly clock: Clock;
}

export interface AskRequest extends CallOptions {
  readonly spaceId: string;
  /** `null` starts a new conversation. */
  readonly conversationId: string | null;
  readonly question: string;
  readonly timeoutMs: number;
}

/**
 * Sends one question and waits for the end of the answer; an answer that does not end is a `timeout`.
 *
 * @throws {InvalidOptionError} for an empty question or a limit that is not above 0
 * @see spec/databricks-apis.md §2.2
 */
export async function askGenie(context: AskContext, request: AskRequest): Promise<GenieAnswer> {
  const { question, timeoutMs } = request;
  if (question.trim() === '') throw new InvalidOptionError('question', 'must not be empty');
  if (!(timeoutMs > 0)) throw new InvalidOptionError('timeoutMs', 'must be more than 0', { timeoutMs });
  const now = (): number => context.clock.now().getTime();
  let startedAt = 0;
  const started = await send(context, request, () => {
    startedAt = now();
  });
  const end = startedAt + timeoutMs;
  let { message } = started;
  while (!isTerminal(message)) {
    message = await context.http.request({
      method: 'GET',
      path: path`/api/2.0/genie/spaces/${request.spaceId}/conversations/${started.conversationId}/messages/${started.messageId}`,
      schema: messageWireSchema,
      signal: request.signal,
    });
    const left = end - now();
    if (isTerminal(message) || left <= 0) break;
    await pause(
      context.clock,
      Math.min(context.pollInterval(now() - startedAt), left),
      request,
      'Waiting for the answer of Genie',
    );
  }
  return toAnswer(message, {
    conversationId: started.conversationId,
    messageId: started.messageId,
    elapsedMs: now() - startedAt,
  });
}

async function send(
  { http, limiter }: AskContext,
  { spaceId, conversationId, question, signal }: AskRequest,
  onSending: () => void,
): Promise<{
  readonly conversationId: string;
  readonly messageId: string;
  readonly message: MessageWire | null;
}> {
  const call = {
    signal,
    method: 'POST',
    json: { content: question },
    // Anything but a refusal may have asked the question already.
    retry: 'rate-limited',
    beforeAttempt: async (attempt: CallOptions) => {
      await limiter.acquire(attempt);
      onSending();
    },
    onRateLimited: (delayMs: number) => limiter.holdBack(delayMs),
  } as const;
  if (conversationId === null) {
    const target = path`/api/2.0/genie/spaces/${spaceId}/start-conversation`;
    const started = await http.request({ ...call, path: target, schema: startWireSchema });
    return {
      conversationId: started.conversation_id,
      messageId: started.message_id,
      message: started.message ?? null,
    };
  }
  const target = path`/api/2.0/genie/spaces/${spaceId}/conversations/${conversationId}/messages`;
  const message = await http.request({ ...call, path: target, schema: followUpWireSchema });
  return { conversationId, messageId: message.message_id, message };
}
