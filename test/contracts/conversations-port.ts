import { describe, expect, it } from 'vitest';
import type { ConversationsPort, GeniePort, MessageAddress } from '../../src/ports/index.ts';
import { codeOfFailure } from './code-of.ts';

export interface ConversationsSubject {
  readonly genie: GeniePort;
  readonly conversations: ConversationsPort;
  readonly spaceId: string;
  /** A question that the space answers with SQL that gives rows. */
  readonly question: string;
}

/** What every {@link ConversationsPort} does. */
export function describeConversationsPort(name: string, subject: () => ConversationsSubject): void {
  const ask = async (): Promise<MessageAddress> => {
    const { genie, spaceId, question } = subject();
    const { conversationId, messageId } = await genie.ask(spaceId, question);
    return { spaceId, conversationId, messageId };
  };

  describe(`${name} as ConversationsPort`, () => {
    it('reads a message with the question and each part of the answer', async () => {
      const { conversations, question } = subject();
      const at = await ask();
      const message = await conversations.message(at);
      expect(message).toMatchObject({
        conversationId: at.conversationId,
        messageId: at.messageId,
        content: question,
        status: 'COMPLETED',
        error: null,
        feedback: null,
      });
      expect(message.attachments).toContainEqual(
        expect.objectContaining({ kind: 'query', sql: expect.stringMatching(/select/i) as string }),
      );
    });

    it('asks further in the same conversation', async () => {
      const { conversations, question } = subject();
      const at = await ask();
      const further = await conversations.followUp(at, question);
      expect(further).toMatchObject({
        outcome: 'sql',
        status: 'COMPLETED',
        conversationId: at.conversationId,
      });
      expect(further.messageId).not.toBe(at.messageId);
      const messages = await conversations.messages(at);
      expect(messages.map(({ messageId }) => messageId).toSorted()).toEqual(
        [at.messageId, further.messageId].toSorted(),
      );
    });

    it('gives the rows behind a query attachment', async () => {
      const { conversations } = subject();
      const at = await ask();
      const [query] = (await conversations.message(at)).attachments.filter(({ kind }) => kind === 'query');
      const result = await conversations.queryResult({ ...at, attachmentId: query?.attachmentId ?? '' });
      expect(result.rows.length).toBeGreaterThan(0);
      expect(result.columns).toHaveLength(result.rows[0]?.length ?? 0);
    });

    it.each(['POSITIVE', 'NEGATIVE', 'NONE'] as const)('keeps feedback: %s', async (rating) => {
      const { conversations } = subject();
      const at = await ask();
      await conversations.sendFeedback(at, { rating, comment: 'Counted right' });
      expect((await conversations.message(at)).feedback).toBe(rating);
    });

    it('lists conversations, and no longer those that were deleted', async () => {
      const { conversations, spaceId } = subject();
      const at = await ask();
      const ids = async (): Promise<readonly string[]> =>
        (await conversations.conversations(spaceId)).map(({ conversationId }) => conversationId);
      expect(await ids()).toContain(at.conversationId);
      await conversations.deleteConversation(at);
      expect(await ids()).not.toContain(at.conversationId);
      expect(await codeOfFailure(conversations.message(at))).toBe('NOT_FOUND');
    });

    it('refuses an empty question before anything is sent', async () => {
      const { conversations } = subject();
      const nowhere = { spaceId: '0'.repeat(32), conversationId: 'none' };
      expect(await codeOfFailure(conversations.followUp(nowhere, ' '))).toBe('INVALID_OPTION');
    });

    it('stops when the signal has fired', async () => {
      const { conversations, question } = subject();
      const at = await ask();
      const signal = AbortSignal.abort();
      expect(await codeOfFailure(conversations.followUp(at, question, { signal }))).toBe('ABORTED_BY_CALLER');
      expect(await codeOfFailure(conversations.message(at, { signal }))).toBe('ABORTED_BY_CALLER');
    });
  });
}
