import type {
  CallOptions,
  Clock,
  GenieAnswer,
  GeniePort,
  SpaceExport,
  SpaceSummary,
  SpaceUpdate,
} from '../../ports/index.ts';
import { type HttpClient, pages, path, PermissionDeniedError } from '../http/index.ts';
import { type ConversationLimiter, conversationLimiter } from '../limiter/index.ts';
import { defaultPollInterval, type PollInterval } from '../poll-interval.ts';
import { systemClock } from '../system/clock.ts';
import { type AskContext, askGenie } from './ask-genie.ts';
import { onSpace } from './on-space.ts';
import { emptyWireSchema, type SpaceWire, spaceListWireSchema, spaceWireSchema } from './wire.ts';

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
  readonly #ask: AskContext;
  readonly #askTimeoutMs: number;
  readonly #onSpaceRead: (space: SpaceSummary) => void;

  constructor(options: GenieClientOptions) {
    this.#http = options.http;
    const clock = options.clock ?? systemClock();
    this.#ask = {
      http: options.http,
      clock,
      limiter: options.limiter ?? conversationLimiter({ clock }),
      pollInterval: options.pollInterval ?? defaultPollInterval,
    };
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
    const space = await onSpace(spaceId, () =>
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
    const stored = await onSpace(spaceId, () =>
      this.#http.request({
        ...options,
        method: 'PATCH',
        path: path`/api/2.0/genie/spaces/${spaceId}`,
        json: {
          serialized_space: update.serializedSpace,
          ...(update.description === undefined ? {} : { description: update.description }),
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
    await onSpace(spaceId, () =>
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
    return onSpace(spaceId, () =>
      askGenie(this.#ask, {
        spaceId,
        conversationId: null,
        question,
        timeoutMs: options.timeoutMs ?? this.#askTimeoutMs,
        signal: options.signal,
      }),
    );
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
}

function toSummary(space: SpaceWire): SpaceSummary {
  return {
    spaceId: space.space_id,
    title: space.title ?? '',
    description: space.description ?? null,
    warehouseId: space.warehouse_id ?? null,
  };
}
