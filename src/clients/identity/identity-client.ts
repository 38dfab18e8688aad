import type { CallOptions, CurrentUser, IdentityPort } from '../../ports/index.ts';
import type { HttpClient } from '../http/index.ts';
import { currentUser } from './current-user.ts';

/** {@link currentUser} as a port. */
export class IdentityClient implements IdentityPort {
  readonly #http: HttpClient;

  constructor(options: { readonly http: HttpClient }) {
    this.#http = options.http;
  }

  async currentUser(options: CallOptions = {}): Promise<CurrentUser> {
    return currentUser(this.#http, options);
  }
}
