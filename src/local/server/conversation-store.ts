import { newId } from '../new-id.ts';
import type { GenieAttachment, GenieOutcome } from './genie-answers.ts';
import { notFound } from './api-error.ts';

/** A question and what became of it. */
export interface Message {
  readonly messageId: string;
  readonly conversationId: string;
  readonly spaceId: string;
  readonly content: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** How long it stays unfinished at least; 0 answers at the first poll. */
  readonly latencyMs: number;
  outcome: GenieOutcome | null;
  feedback: { readonly rating: string; readonly comment: string | null } | null;
  /** Settles when the outcome is there; never rejects. */
  ended: Promise<void>;
}

/** Conversations of all spaces. */
export class ConversationStore {
  readonly #messages = new Map<string, Message>();
  readonly #conversations = new Map<
    string,
    { readonly spaceId: string; readonly title: string; readonly createdAt: number }
  >();

  /** A message in a new conversation (`null`) or in one that exists. @throws {ApiError} 404 */
  add(
    spaceId: string,
    conversationId: string | null,
    content: string,
    { createdAt, latencyMs }: Pick<Message, 'createdAt' | 'latencyMs'>,
  ): Message {
    if (conversationId !== null) this.conversation(spaceId, conversationId);
    const id = conversationId ?? newId();
    if (conversationId === null) this.#conversations.set(id, { spaceId, title: content, createdAt });
    const message: Message = {
      messageId: newId(),
      conversationId: id,
      spaceId,
      content,
      createdAt,
      latencyMs,
      outcome: null,
      feedback: null,
      ended: Promise.resolve(),
    };
    this.#messages.set(message.messageId, message);
    return message;
  }

  /** @throws {ApiError} 404 */
  message(spaceId: string, conversationId: string, messageId: string): Message {
    const message = this.#messages.get(messageId);
    if (message === undefined || message.spaceId !== spaceId || message.conversationId !== conversationId)
      throw notFound(`Message ${messageId} does not exist in conversation ${conversationId}.`);
    return message;
  }

  /** @throws {ApiError} 404 */
  attachment(message: Message, attachmentId: string): GenieAttachment {
    const attachment = message.outcome?.attachments.find((each) => each.attachmentId === attachmentId);
    if (attachment === undefined)
      throw notFound(`Attachment ${attachmentId} does not exist in message ${message.messageId}.`);
    return attachment;
  }

  /** Puts an attachment in the place of the one with its id. */
  replaceAttachment(message: Message, attachment: GenieAttachment): void {
    if (message.outcome === null) return;
    const attachments = message.outcome.attachments.map((each) =>
      each.attachmentId === attachment.attachmentId ? attachment : each,
    );
    message.outcome = { ...message.outcome, attachments };
  }

  conversation(spaceId: string, conversationId: string) {
    const conversation = this.#conversations.get(conversationId);
    if (conversation === undefined || conversation.spaceId !== spaceId)
      throw notFound(`Conversation ${conversationId} does not exist in space ${spaceId}.`);
    return conversation;
  }

  conversations(spaceId: string) {
    return [...this.#conversations]
      .filter(([, conversation]) => conversation.spaceId === spaceId)
      .map(([conversationId, conversation]) => ({ conversationId, ...conversation }));
  }

  messages(spaceId: string, conversationId: string): Message[] {
    this.conversation(spaceId, conversationId);
    return [...this.#messages.values()].filter((message) => message.conversationId === conversationId);
  }

  deleteConversation(spaceId: string, conversationId: string): void {
    this.conversation(spaceId, conversationId);
    this.#conversations.delete(conversationId);
    for (const [id, message] of this.#messages)
      if (message.conversationId === conversationId) this.#messages.delete(id);
  }
}
