import type { AnswerOutcome, GenieAnswer } from '../../ports/index.ts';
import type { MessageWire } from './wire.ts';

/** States after which a message does not change any more. @see spec/databricks-apis.md §2.2 */
export const TERMINAL_STATUSES: ReadonlySet<string> = new Set([
  'COMPLETED',
  'FAILED',
  'CANCELLED',
  'QUERY_RESULT_EXPIRED',
]);

/** State of a message that carries none, or that was never seen. */
const UNKNOWN_STATUS = 'UNKNOWN';

export const statusOf = (message: MessageWire | null): string => message?.status ?? UNKNOWN_STATUS;

export const isTerminal = (message: MessageWire | null): boolean => TERMINAL_STATUSES.has(statusOf(message));

/**
 * Turns the last state of a message into an answer.
 *
 * A message that was not terminal when it was looked at last is a `timeout`. The SQL of a failed answer is kept:
 * it shows why the statement failed.
 */
export function toAnswer(
  message: MessageWire | null,
  at: { readonly conversationId: string; readonly messageId: string; readonly elapsedMs: number },
): GenieAnswer {
  const attachments = message?.attachments ?? [];
  const queries = attachments.filter((attachment) => hasText(attachment.query?.query));
  const [first, ...further] = queries;
  const texts = attachments.map((attachment) => attachment.text?.content).filter(hasText);
  return {
    outcome: outcomeOf(message, first !== undefined),
    status: statusOf(message),
    conversationId: at.conversationId,
    messageId: at.messageId,
    attachmentId: first?.attachment_id ?? null,
    sql: first?.query?.query ?? null,
    extraSql: further.map((attachment) => attachment.query?.query ?? ''),
    statementId: first?.query?.statement_id ?? null,
    text: texts.length === 0 ? (first?.query?.description ?? null) : texts.join('\n\n'),
    thoughts: queries.flatMap((attachment) =>
      (attachment.query?.thoughts ?? []).map((thought) => ({
        type: thought.thought_type ?? '',
        content: thought.content ?? '',
      })),
    ),
    error: errorOf(message),
    elapsedMs: at.elapsedMs,
  };
}

function outcomeOf(message: MessageWire | null, hasSql: boolean): AnswerOutcome {
  switch (statusOf(message)) {
    case 'COMPLETED':
    // The question was answered; only the stored rows are gone.
    case 'QUERY_RESULT_EXPIRED':
      return hasSql ? 'sql' : 'text';
    case 'FAILED':
      return 'failed';
    case 'CANCELLED':
      return 'cancelled';
    default:
      return 'timeout';
  }
}

/** What a message says went wrong, or `null`. */
export function errorOf(message: MessageWire | null): GenieAnswer['error'] {
  const error = message?.error ?? null;
  if (error === null || (!hasText(error.type) && !hasText(error.error))) return null;
  return { type: error.type ?? 'UNKNOWN', message: error.error ?? '' };
}

const hasText = (value: string | null | undefined): value is string => (value ?? '').trim() !== '';
