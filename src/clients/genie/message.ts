import type { FeedbackRating, GenieAttachment, GenieMessage } from '../../ports/index.ts';
import { errorOf, statusOf } from './answer.ts';
import type { AttachmentWire, MessageWire } from './wire.ts';

/** A message of the wire as the port shows it; ids that the answer leaves out are those that were asked for. */
export function toMessage(
  message: MessageWire,
  at: { readonly conversationId: string; readonly messageId: string },
): GenieMessage {
  return {
    conversationId: message.conversation_id ?? at.conversationId,
    messageId: message.message_id ?? message.id ?? at.messageId,
    content: message.content ?? '',
    status: statusOf(message),
    attachments: (message.attachments ?? []).map(toAttachment),
    error: errorOf(message),
    feedback: RATINGS.find((rating) => rating === message.feedback?.rating) ?? null,
  };
}

const RATINGS: readonly FeedbackRating[] = ['POSITIVE', 'NEGATIVE', 'NONE'];

function toAttachment(attachment: AttachmentWire): GenieAttachment {
  const attachmentId = attachment.attachment_id ?? null;
  const { query, text, suggested_questions: suggested } = attachment;
  if (query !== null && query !== undefined) {
    return {
      kind: 'query',
      attachmentId,
      sql: query.query ?? '',
      title: query.title ?? null,
      description: query.description ?? null,
      statementId: query.statement_id ?? null,
      parameters: (query.parameters ?? []).map(({ keyword, sql_type: type, value }) => ({
        name: keyword ?? '',
        type: type ?? '',
        value: value ?? '',
      })),
      rowCount: query.query_result_metadata?.row_count ?? null,
    };
  }
  if (text !== null && text !== undefined)
    return { kind: 'text', attachmentId, content: text.content ?? '', purpose: text.purpose ?? null };
  if (suggested !== null && suggested !== undefined)
    return { kind: 'suggested_questions', attachmentId, questions: suggested.questions ?? [] };
  return { kind: 'other', attachmentId };
}
