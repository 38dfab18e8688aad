import type { CallOptions } from './call-options.ts';
import type { GenieAnswer } from './genie-port.ts';
import type { StatementResult } from './sql-port.ts';

/** One part of a message of Genie, by what it holds; `other` for kinds we do not know. */
export type GenieAttachment =
  | {
      readonly kind: 'query';
      readonly attachmentId: string | null;
      readonly sql: string;
      readonly title: string | null;
      readonly description: string | null;
      readonly statementId: string | null;
      /** Values that Genie filled into a parameterised example. */
      readonly parameters: readonly {
        readonly name: string;
        readonly type: string;
        readonly value: string;
      }[];
      readonly rowCount: number | null;
    }
  | {
      readonly kind: 'text';
      readonly attachmentId: string | null;
      readonly content: string;
      /** `FOLLOW_UP_QUESTION` when Genie asks back; kept open. */
      readonly purpose: string | null;
    }
  | {
      readonly kind: 'suggested_questions';
      readonly attachmentId: string | null;
      readonly questions: readonly string[];
    }
  | { readonly kind: 'other'; readonly attachmentId: string | null };

/** A message as it stands now. */
export interface GenieMessage {
  readonly conversationId: string;
  readonly messageId: string;
  /** What was asked. */
  readonly content: string;
  readonly status: string;
  readonly attachments: readonly GenieAttachment[];
  readonly error: { readonly type: string; readonly message: string } | null;
  readonly feedback: FeedbackRating | null;
}

export type FeedbackRating = 'POSITIVE' | 'NEGATIVE' | 'NONE';

export interface GenieConversation {
  readonly conversationId: string;
  readonly title: string;
}

/** Where a message is. */
export interface MessageAddress {
  readonly spaceId: string;
  readonly conversationId: string;
  readonly messageId: string;
}

/** Conversations with Genie beyond one question and its answer. @see spec/databricks-apis.md §2.2 */
export interface ConversationsPort {
  /** Asks in a conversation that exists, whose history shapes the answer. Waits for a rate slot first. */
  followUp(
    at: { readonly spaceId: string; readonly conversationId: string },
    question: string,
    options?: CallOptions & { readonly timeoutMs?: number | undefined },
  ): Promise<GenieAnswer>;
  message(at: MessageAddress, options?: CallOptions): Promise<GenieMessage>;
  /** Messages of a conversation, in the order of the service. */
  messages(
    at: { readonly spaceId: string; readonly conversationId: string },
    options?: CallOptions,
  ): Promise<readonly GenieMessage[]>;
  conversations(spaceId: string, options?: CallOptions): Promise<readonly GenieConversation[]>;
  deleteConversation(
    at: { readonly spaceId: string; readonly conversationId: string },
    options?: CallOptions,
  ): Promise<void>;
  /** Rows of a query attachment; runs it once more when the rows are no longer kept. */
  queryResult(
    at: MessageAddress & { readonly attachmentId: string },
    options?: CallOptions,
  ): Promise<StatementResult>;
  sendFeedback(
    at: MessageAddress,
    feedback: { readonly rating: FeedbackRating; readonly comment?: string | undefined },
    options?: CallOptions,
  ): Promise<void>;
}
