import { InvalidOptionError } from '../../core/index.ts';
import type {
  CallOptions,
  Clock,
  GenieAnswer,
  GeniePort,
  SpaceExport,
  SpaceSummary,
  SpaceUpdate,
} from '../../ports/index.ts';
import {
  BadRequestError,
  ConflictError,
  type HttpClient,
  NotFoundError,
  pages,
  path,
  PermissionDeniedError,
  SpaceConflictError,
  SpaceNotFoundError,
  SpaceRejectedError,
} from '../http/index.ts';
import { type ConversationLimiter, conversationLimiter } from '../limiter/index.ts';
import { pause } from '../pause.ts';
import { defaultPollInterval, type PollInterval } from '../poll-interval.ts';
import { systemClock } from '../system/clock.ts';
import { isTerminal, toAnswer } from './answer.ts';
import {
  emptyWireSchema,
  type MessageWire,
  messageWireSchema,
  type SpaceWire,
  spaceListWireSchema,
  spaceWireSchema,
  startWireSchema,
} from './wire.ts';

/** @see spec/databricks-apis.md §2.2 */
export const GENIE_DEFAULTS = { askTimeoutMs: 600_000, pageSize: 100 } as const;

export interface GenieClientOptions {
  readonly http: HttpClient;
  /** Default: 5 starts a minute, counted by this client alone. */
  readonly limiter?: ConversationLimiter;
  readonly pollInterval?: PollInterval;
  /** How long `ask` waits for an answer unless told otherwise. */
  readonly askTimeoutMs?: number;
  readonly clock?: Clock;
  /** Told of every space that was read; `connect` learns the warehouse of a space by it. */
  readonly onSpaceRead?: (space: SpaceSummary) => void;
}

/**
 * Genie spaces and conversations over REST.
 *
 * @see spec/databricks-apis.md §2
 */
export class GenieClient implements GeniePort {
  readonly #http: HttpClient;
  readonly #limiter: ConversationLimiter;
  readonly #pollInterval: PollInterval;
  readonly #askTimeoutMs: number;
  readonly #clock: Clock;
  readonly #onSpaceRead: (space: SpaceSummary) => void;

  constructor(options: GenieClientOptions) {
    this.#http = options.http;
    this.#clock = options.clock ?? systemClock();
    this.#limiter = options.limiter ?? conversationLimiter({ clock: this.#clock });
    this.#pollInterval = options.pollInterval ?? defaultPollInterval;
    this.#askTimeoutMs = options.askTimeoutMs ?? GENIE_DEFAULTS.askTimeoutMs;
    this.#onSpaceRead = options.onSpaceRead ?? (() => {});
  }

  async listSpaces(options: CallOptions = {}): Promise<readonly SpaceSummary[]> {
    const found: SpaceSummary[] = [];
    const listing = {
      ...options,
      path: path`/api/2.0/genie/spaces`,
      query: { page_size: GENIE_DEFAULTS.pageSize },
      schema: spaceListWireSchema,
    };
    for await (const page of pages(this.#http, listing)) found.push(...(page.spaces ?? []).map(toSummary));
    return found;
  }

  async getSpace(spaceId: string, options: CallOptions = {}): Promise<SpaceExport> {
    const space = await this.#onSpace(spaceId, () =>
      this.#http.request({
        ...options,
        method: 'GET',
        path: path`/api/2.0/genie/spaces/${spaceId}`,
        query: { include_serialized_space: true },
        schema: spaceWireSchema,
      }),
    );
    this.#onSpaceRead(toSummary(space));
    return this.#toExport(space);
  }

  async updateSpace(spaceId: string, update: SpaceUpdate, options: CallOptions = {}): Promise<SpaceExport> {
    const stored = await this.#onSpace(spaceId, () =>
      this.#http.request({
        ...options,
        method: 'PATCH',
        path: path`/api/2.0/genie/spaces/${spaceId}`,
        json: {
          serialized_space: update.serializedSpace,
          ...((update.etag ?? null) === null ? {} : { etag: update.etag }),
        },
        schema: spaceWireSchema,
      }),
    );
    // Some versions answer with the summary only; content and etag must be those that are stored.
    const isWhole = (stored.serialized_space ?? '') !== '' && (stored.etag ?? '') !== '';
    return isWhole ? this.#toExport(stored) : this.getSpace(spaceId, options);
  }

  async createSpace(
    space: {
      readonly title: string;
      readonly warehouseId: string;
      readonly serializedSpace: string;
      readonly description?: string;
    },
    options: CallOptions = {},
  ): Promise<SpaceExport> {
    const created = await this.#http.request({
      ...options,
      method: 'POST',
      path: path`/api/2.0/genie/spaces`,
      json: {
        title: space.title,
        warehouse_id: space.warehouseId,
        serialized_space: space.serializedSpace,
        ...(space.description === undefined ? {} : { description: space.description }),
      },
      schema: spaceWireSchema,
    });
    // The etag of a create answer is not the one of the stored, migrated content.
    return this.getSpace(created.space_id, options);
  }

  async trashSpace(spaceId: string, options: CallOptions = {}): Promise<void> {
    await this.#onSpace(spaceId, () =>
      this.#http.request({
        ...options,
        method: 'DELETE',
        path: path`/api/2.0/genie/spaces/${spaceId}`,
        schema: emptyWireSchema,
      }),
    );
  }

  async ask(
    spaceId: string,
    question: string,
    options: CallOptions & { readonly timeoutMs?: number | undefined } = {},
  ): Promise<GenieAnswer> {
    if (question.trim() === '') throw new InvalidOptionError('question', 'must not be empty');
    const timeoutMs = options.timeoutMs ?? this.#askTimeoutMs;
    if (!(timeoutMs > 0)) throw new InvalidOptionError('timeoutMs', 'must be more than 0', { timeoutMs });
    let startedAt = 0;
    const started = await this.#onSpace(spaceId, () =>
      this.#http.request({
        signal: options.signal,
        method: 'POST',
        path: path`/api/2.0/genie/spaces/${spaceId}/start-conversation`,
        json: { content: question },
        schema: startWireSchema,
        // Anything but a refusal may have started the conversation already.
        retry: 'rate-limited',
        beforeAttempt: async (call) => {
          await this.#limiter.acquire(call);
          startedAt = this.#now();
        },
        onRateLimited: (delayMs) => this.#limiter.holdBack(delayMs),
      }),
    );
    const ids = { conversationId: started.conversation_id, messageId: started.message_id };
    const message = await this.#waitForAnswer(spaceId, ids, started.message ?? null, {
      startedAt,
      timeoutMs,
      signal: options.signal,
    });
    return toAnswer(message, { ...ids, elapsedMs: this.#now() - startedAt });
  }

  async #waitForAnswer(
    spaceId: string,
    ids: { readonly conversationId: string; readonly messageId: string },
    first: MessageWire | null,
    wait: CallOptions & { readonly startedAt: number; readonly timeoutMs: number },
  ): Promise<MessageWire | null> {
    let message = first;
    const end = wait.startedAt + wait.timeoutMs;
    const call = {
      method: 'GET',
      path: path`/api/2.0/genie/spaces/${spaceId}/conversations/${ids.conversationId}/messages/${ids.messageId}`,
      schema: messageWireSchema,
      signal: wait.signal,
    } as const;
    while (!isTerminal(message)) {
      message = await this.#http.request(call);
      const left = end - this.#now();
      if (isTerminal(message) || left <= 0) break;
      await pause(
        this.#clock,
        Math.min(this.#pollInterval(this.#now() - wait.startedAt), left),
        wait,
        'Waiting for the answer of Genie',
      );
    }
    return message;
  }

  /** Adds to an error of the transport what it means for a space. */
  async #onSpace<T>(spaceId: string, call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      if (error instanceof NotFoundError) throw new SpaceNotFoundError(spaceId, error.facts);
      if (error instanceof ConflictError) throw new SpaceConflictError(spaceId, error.facts);
      if (error instanceof PermissionDeniedError) throw spacePermissionError(spaceId, error);
      if (error instanceof BadRequestError && error.facts.method === 'PATCH')
        throw new SpaceRejectedError(spaceId, error.facts);
      throw error;
    }
  }

  #toExport(space: SpaceWire): SpaceExport {
    const serializedSpace = space.serialized_space ?? '';
    if (serializedSpace === '') {
      const call = path`/api/2.0/genie/spaces/${space.space_id}`;
      throw new PermissionDeniedError(
        `Space ${space.space_id} on ${this.#http.host} was read without its content, which nearly always means that you may not edit it. ` +
          'Ask its owner for CAN EDIT (Share, in the space).',
        { ...this.#http.formatError({ method: 'GET', path: call }, 'no content').facts, status: 200 },
        { spaceId: space.space_id },
      );
    }
    return { ...toSummary(space), serializedSpace, etag: space.etag ?? null };
  }

  #now(): number {
    return this.#clock.now().getTime();
  }
}

function toSummary(space: SpaceWire): SpaceSummary {
  return {
    spaceId: space.space_id,
    title: space.title ?? '',
    description: space.description ?? null,
    warehouseId: space.warehouse_id ?? null,
  };
}

function spacePermissionError(spaceId: string, error: PermissionDeniedError): PermissionDeniedError {
  return new PermissionDeniedError(
    `You may not do this with space ${spaceId} on ${error.facts.host} (${error.facts.serverMessage || 'no reason given'}). ` +
      'Asking needs CAN RUN, reading its content and changing it need CAN EDIT; its tables must be visible to you as well.',
    error.facts,
    { spaceId },
  );
}
