import { invalidParameter } from './api-error.ts';
import { optionalCount, optionalText } from './read-fields.ts';
import type { ApiRequest } from './router.ts';

export interface Page<T> {
  readonly items: readonly T[];
  /** Absent on the last page. */
  readonly nextPageToken?: string;
}

/** One page of a list by `page_size` and `page_token`; the token is opaque to clients. @throws {ApiError} */
export function pageOf<T>(
  items: readonly T[],
  query: URLSearchParams,
  defaults: { readonly size: number; readonly max: number },
): Page<T> {
  const sizeText = query.get('page_size');
  const size = sizeText === null || sizeText === '' ? defaults.size : Number(sizeText);
  if (!Number.isInteger(size) || size < 0)
    throw invalidParameter(`page_size must be a non-negative integer, got '${sizeText ?? ''}'.`);
  const token = query.get('page_token');
  const start = token === null || token === '' ? 0 : readToken(token);
  const end = start + Math.min(size === 0 ? defaults.size : size, defaults.max);
  return {
    items: items.slice(start, end),
    ...(end < items.length ? { nextPageToken: Buffer.from(`p${end}`).toString('base64url') } : {}),
  };
}

/** One page by `max_results` and `page_token` of the body. @throws {ApiError} */
export function bodyPage<T>(
  items: readonly T[],
  body: ApiRequest['body'],
  limits: { readonly size: number; readonly max: number },
) {
  const size = optionalCount(body, 'max_results') ?? limits.size;
  if (size > limits.max)
    throw invalidParameter(`Invalid value ${size} for parameter 'max_results': at most ${limits.max}.`);
  const token = optionalText(body, 'page_token');
  const query = new URLSearchParams({
    page_size: String(size),
    ...(token === undefined ? {} : { page_token: token }),
  });
  const page = pageOf(items, query, limits);
  return {
    items: page.items,
    next: page.nextPageToken === undefined ? {} : { next_page_token: page.nextPageToken },
  };
}

function readToken(token: string): number {
  const match = /^p(\d+)$/.exec(Buffer.from(token, 'base64url').toString());
  if (match === null) throw invalidParameter(`page_token '${token}' is invalid.`);
  return Number(match[1]);
}
