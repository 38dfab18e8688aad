import { describe, expect, it } from 'vitest';
import { isOptimizerError } from '../../src/core/index.ts';
import type { GeniePort } from '../../src/ports/index.ts';

/** What an adapter brings to the suite. Made once; the suite leaves the space as it found it. */
export interface GenieSubject {
  readonly genie: GeniePort;
  /** A space that can be read, changed and asked. */
  readonly spaceId: string;
  /** A question that the space answers with SQL. */
  readonly question: string;
}

const UNKNOWN_SPACE = '0'.repeat(32);

const codeOf = (error: unknown): string | null => (isOptimizerError(error) ? error.code : null);

const failure = (promise: Promise<unknown>): Promise<string | null> => promise.then(() => null, codeOf);

/** The same space with one more word in its text instruction: a change that every server accepts. */
function withInstruction(serializedSpace: string, line: string): string {
  const space = JSON.parse(serializedSpace) as { instructions?: Record<string, unknown> };
  const instructions = {
    ...space.instructions,
    text_instructions: [{ id: 'a'.repeat(32), content: [line] }],
  };
  return JSON.stringify({ ...space, instructions });
}

/** What every {@link GeniePort} does. */
export function describeGeniePort(name: string, subject: () => GenieSubject): void {
  describe(`${name} as GeniePort`, () => {
    it('lists the space without its content', async () => {
      const { genie, spaceId } = subject();
      const found = (await genie.listSpaces()).find((space) => space.spaceId === spaceId);
      expect(found).toBeDefined();
      expect(Object.keys(found ?? {}).toSorted()).toEqual(['description', 'spaceId', 'title', 'warehouseId']);
    });

    it('reads the content of a space as JSON text of version 2', async () => {
      const { genie, spaceId } = subject();
      const space = await genie.getSpace(spaceId);
      expect(space.spaceId).toBe(spaceId);
      expect(JSON.parse(space.serializedSpace)).toMatchObject({ version: 2 });
    });

    it('answers SPACE_NOT_FOUND for an id that does not exist, whatever is asked of it', async () => {
      const { genie } = subject();
      const update = { serializedSpace: '{"version":2}' };
      expect(await failure(genie.getSpace(UNKNOWN_SPACE))).toBe('SPACE_NOT_FOUND');
      expect(await failure(genie.updateSpace(UNKNOWN_SPACE, update))).toBe('SPACE_NOT_FOUND');
      expect(await failure(genie.ask(UNKNOWN_SPACE, 'How many rows are there?'))).toBe('SPACE_NOT_FOUND');
    });

    it('replaces the content, gives a new etag, and reads back what was written', async () => {
      const { genie, spaceId } = subject();
      const before = await genie.getSpace(spaceId);
      const written = await genie.updateSpace(spaceId, {
        serializedSpace: withInstruction(before.serializedSpace, 'Count orders, not lines.'),
        etag: before.etag,
      });
      const after = await genie.getSpace(spaceId);
      expect(after.serializedSpace).toContain('Count orders, not lines.');
      expect(after).toEqual(written);
      expect(after.etag).not.toBe(before.etag);
      const restored = await genie.updateSpace(spaceId, {
        serializedSpace: before.serializedSpace,
        etag: after.etag,
      });
      expect(JSON.parse(restored.serializedSpace)).toEqual(JSON.parse(before.serializedSpace));
    });

    it('refuses a stale etag with SPACE_CONFLICT and writes nothing', async () => {
      const { genie, spaceId } = subject();
      const before = await genie.getSpace(spaceId);
      const moved = await genie.updateSpace(spaceId, {
        serializedSpace: withInstruction(before.serializedSpace, 'First.'),
        etag: before.etag,
      });
      const late = genie.updateSpace(spaceId, {
        serializedSpace: withInstruction(before.serializedSpace, 'Second.'),
        etag: before.etag,
      });
      expect(await failure(late)).toBe('SPACE_CONFLICT');
      expect(await genie.getSpace(spaceId)).toEqual(moved);
      await genie.updateSpace(spaceId, { serializedSpace: before.serializedSpace });
    });

    it('keeps the etag when the same content is written again', async () => {
      const { genie, spaceId } = subject();
      const before = await genie.getSpace(spaceId);
      const after = await genie.updateSpace(spaceId, {
        serializedSpace: before.serializedSpace,
        etag: before.etag,
      });
      expect(after.etag).toBe(before.etag);
    });

    it('creates a space and moves it to the trash', async () => {
      const { genie, spaceId } = subject();
      const { serializedSpace, warehouseId } = await genie.getSpace(spaceId);
      const created = await genie.createSpace({
        title: 'Contract',
        warehouseId: warehouseId ?? 'warehouse',
        serializedSpace,
      });
      expect(created.spaceId).not.toBe(spaceId);
      expect(created.title).toBe('Contract');
      await genie.trashSpace(created.spaceId);
      expect(await failure(genie.getSpace(created.spaceId))).toBe('SPACE_NOT_FOUND');
    });

    it('answers a question with SQL, in a conversation of its own', async () => {
      const { genie, spaceId, question } = subject();
      const [first, second] = [await genie.ask(spaceId, question), await genie.ask(spaceId, question)];
      expect(first).toMatchObject({ outcome: 'sql', status: 'COMPLETED', error: null });
      expect(first.sql).toMatch(/select/i);
      expect(first.statementId).not.toBeNull();
      expect(first.elapsedMs).toBeGreaterThanOrEqual(0);
      expect(second.conversationId).not.toBe(first.conversationId);
    });

    it('stops when the signal has fired', async () => {
      const { genie, spaceId, question } = subject();
      const signal = AbortSignal.abort();
      expect(await failure(genie.ask(spaceId, question, { signal }))).toBe('ABORTED_BY_CALLER');
      expect(await failure(genie.getSpace(spaceId, { signal }))).toBe('ABORTED_BY_CALLER');
    });
  });
}
