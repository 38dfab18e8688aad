import type { CallOptions } from './call-options.ts';

/** One entry of a listing: the space without its content. */
export interface SpaceSummary {
  readonly spaceId: string;
  readonly title: string;
  readonly description: string | null;
  readonly warehouseId: string | null;
}

/** A space as read from the workspace; `serializedSpace` is the text as it came over the wire. */
export interface SpaceExport extends SpaceSummary {
  readonly serializedSpace: string;
  /** Content tag for guarded updates; `null` where the server does not send one. */
  readonly etag: string | null;
}

export interface SpaceUpdate {
  readonly serializedSpace: string;
  /** Replaces the description when given; the title always stays. */
  readonly description?: string | undefined;
  /** When given, the update fails with `SpaceConflictError` if the space changed meanwhile. */
  readonly etag?: string | null;
}

/** How a question to Genie ended. `text`: answered in words only (clarification, refusal). */
export type AnswerOutcome = 'sql' | 'text' | 'failed' | 'cancelled' | 'timeout';

/** Genie's answer to one question, in a conversation of its own. */
export interface GenieAnswer {
  readonly outcome: AnswerOutcome;
  /** Status as the service sent it (`COMPLETED`, `FAILED`, …); kept open for values we do not know. */
  readonly status: string;
  readonly conversationId: string;
  readonly messageId: string;
  /** First query attachment; `null` when there is none. */
  readonly attachmentId: string | null;
  readonly sql: string | null;
  /** Queries of further attachments, in order. */
  readonly extraSql: readonly string[];
  readonly statementId: string | null;
  readonly text: string | null;
  /** What Genie says it used: tables, instructions, steps. */
  readonly thoughts: readonly { readonly type: string; readonly content: string }[];
  readonly error: { readonly type: string; readonly message: string } | null;
  readonly elapsedMs: number;
}

/**
 * What the library needs of Genie. Implemented over HTTP by `GenieClient`, scripted by `genie-optimizer/testing`.
 *
 * @see spec/databricks-apis.md §2
 */
export interface GeniePort {
  listSpaces(options?: CallOptions): Promise<readonly SpaceSummary[]>;
  /** @throws {SpaceNotFoundError} @throws {PermissionError} */
  getSpace(spaceId: string, options?: CallOptions): Promise<SpaceExport>;
  /** Replaces the content of a space whole; returns it as stored, with the new etag. @throws {SpaceConflictError} */
  updateSpace(spaceId: string, update: SpaceUpdate, options?: CallOptions): Promise<SpaceExport>;
  createSpace(
    space: {
      readonly title: string;
      readonly warehouseId: string;
      readonly serializedSpace: string;
      readonly description?: string;
    },
    options?: CallOptions,
  ): Promise<SpaceExport>;
  /** Moves a space to the trash. */
  trashSpace(spaceId: string, options?: CallOptions): Promise<void>;
  /** Starts a new conversation with one question and waits for the end of the answer. Waits for a rate slot first. */
  ask(
    spaceId: string,
    question: string,
    options?: CallOptions & { readonly timeoutMs?: number | undefined },
  ): Promise<GenieAnswer>;
}
