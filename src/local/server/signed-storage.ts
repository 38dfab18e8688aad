import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { ApiError, notFound } from './api-error.ts';
import type { Route } from './router.ts';

/** Addresses below this need no token: their signature is the permission. */
export const SIGNED_PREFIX = '/signed-storage/';

const LIFETIME_MS = 900_000;

type Access = 'read' | 'write';

/** Files behind addresses that carry their own permission, as cloud storage has them. @see spec/mlflow-rest.md §7 */
export class SignedStorage {
  readonly #key = randomBytes(32);
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** What a client needs to read or write one file during the next 15 minutes. */
  credential(host: string, access: Access, place: string) {
    const expires = String(this.#now() + LIFETIME_MS);
    const path = place.split('/').map(encodeURIComponent).join('/');
    const signature = this.#sign(access, place, expires);
    return {
      signed_uri: `${host}${SIGNED_PREFIX}${path}?expires=${expires}&signature=${signature}`,
      type: 'AWS_PRESIGNED_URL',
      headers: [] as readonly { readonly name: string; readonly value: string }[],
    };
  }

  /** @throws {ApiError} 403 as the storage of a cloud does, when the address is changed or too old */
  check(access: Access, place: string, query: URLSearchParams): void {
    const expires = query.get('expires') ?? '';
    const given = Buffer.from(query.get('signature') ?? '');
    const wanted = Buffer.from(this.#sign(access, place, expires));
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted))
      throw new ApiError(403, 'SignatureDoesNotMatch', 'The signature of the address does not fit it.');
    if (!(Number(expires) > this.#now()))
      throw new ApiError(403, 'AccessDenied', 'The address has expired. Ask for another one.');
  }

  #sign(access: Access, place: string, expires: string): string {
    return createHmac('sha256', this.#key).update(`${access}\n${expires}\n${place}`).digest('hex');
  }
}

/** @param files - by place */
export function signedStorageRoutes(
  storage: SignedStorage,
  files: { get(place: string): Buffer | undefined; set(place: string, content: Buffer): void },
): Route[] {
  return [
    {
      method: 'PUT',
      path: `${SIGNED_PREFIX}*place`,
      raw: true,
      handle: ({ params, query, bytes }) => {
        const place = params['place'] ?? '';
        storage.check('write', place, query);
        files.set(place, bytes);
        return {};
      },
    },
    {
      method: 'GET',
      path: `${SIGNED_PREFIX}*place`,
      handle: ({ params, query }) => {
        const place = params['place'] ?? '';
        storage.check('read', place, query);
        const content = files.get(place);
        if (content === undefined) throw notFound('The specified key does not exist.');
        return content;
      },
    },
  ];
}
