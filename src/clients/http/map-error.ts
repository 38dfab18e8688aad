import type { Credentials } from '../auth/credentials.ts';
import { type ErrorBody } from './error-body.ts';
import {
  AuthenticationError,
  BadRequestError,
  ConflictError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitedError,
  type RequestError,
  type RequestFacts,
  ServerError,
} from './errors.ts';

type Kind =
  'authentication' | 'permission' | 'not-found' | 'conflict' | 'rate-limited' | 'server' | 'bad-request';

/** Codes that say more than the status beside which they stand. */
const KIND_OF_CODE: Readonly<Record<string, Kind>> = {
  UNAUTHENTICATED: 'authentication',
  CUSTOMER_UNAUTHORIZED: 'authentication',
  PERMISSION_DENIED: 'permission',
  RESOURCE_DOES_NOT_EXIST: 'not-found',
  ABORTED: 'conflict',
  ALREADY_EXISTS: 'conflict',
  RESOURCE_ALREADY_EXISTS: 'conflict',
  RESOURCE_CONFLICT: 'conflict',
  RESOURCE_EXHAUSTED: 'rate-limited',
  REQUEST_LIMIT_EXCEEDED: 'rate-limited',
};

/** A wrong personal token is answered with 403 and one of these texts. */
const INVALID_TOKEN = /invalid access token|token (?:is|has) expired|expired token|credential was not sent/i;

function kindOf(status: number, body: ErrorBody): Kind {
  if (status === 401 || (status === 403 && INVALID_TOKEN.test(body.message))) return 'authentication';
  const byCode = KIND_OF_CODE[body.errorCode ?? ''];
  // A server failure stays one: the code may only narrow what the client did.
  if (byCode !== undefined && status < 500) return byCode;
  if (status === 403) return 'permission';
  if (status === 404) return 'not-found';
  // Jobs answer 400 for an id that does not exist, MLflow for an alias.
  if (
    status === 400 &&
    body.errorCode === 'INVALID_PARAMETER_VALUE' &&
    /\bdoes not exist\b|\balias \S+ not found\b/.test(body.message)
  )
    return 'not-found';
  if (status === 409) return 'conflict';
  if (status === 429) return 'rate-limited';
  return status >= 500 ? 'server' : 'bad-request';
}

/**
 * The typed error for a response that is no success.
 *
 * @see spec/databricks-apis.md §1.9
 */
export function errorForResponse(
  facts: RequestFacts & { readonly status: number },
  body: ErrorBody,
  credentials: Credentials,
): RequestError {
  // Some answers repeat the status as their code.
  const code = facts.errorCode === String(facts.status) ? null : facts.errorCode;
  const reason = [code, facts.serverMessage].filter((part) => part !== null && part !== '').join(': ');
  const fields = facts.violations.length === 0 ? '' : ` (${facts.violations.join('; ')})`;
  const what = `${facts.method} ${facts.path} on ${facts.host} failed with ${facts.status}${reason === '' ? '' : ` ${reason}`}${fields}`;
  switch (kindOf(facts.status, body)) {
    case 'authentication':
      return new AuthenticationError(
        `${facts.host} refused the credentials (${facts.status}${reason === '' ? '' : ` ${reason.replace(/\.$/, '')}`}). They came from ${credentials.source}. ${credentials.remedy}`,
        facts,
      );
    case 'permission':
      return new PermissionDeniedError(`${sentence(what)} ${permissionHint(facts)}`, facts);
    case 'not-found':
      return new NotFoundError(
        `${sentence(what)} Check the id and that you may see the object; both look the same from outside.`,
        facts,
      );
    case 'conflict':
      return new ConflictError(
        `${sentence(what)} It exists already, or somebody changed it meanwhile: read it again before writing.`,
        facts,
      );
    case 'rate-limited':
      return new RateLimitedError(
        `${sentence(what)} Ask less often (startsPerMinute), or try again later.`,
        facts,
      );
    case 'server':
      return new ServerError(
        `${sentence(what)} ${facts.status === 501 ? 'The server does not offer this call.' : 'Try again later; quote the request id to support if it persists.'}`,
        facts,
      );
    case 'bad-request':
    default:
      return new BadRequestError(what, facts);
  }
}

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

function permissionHint(facts: RequestFacts): string {
  if (/required scopes?/i.test(facts.serverMessage))
    return 'The token lacks a scope: sign in again with the scope that the message names (or all-apis).';
  if (/ip (?:access list|address)/i.test(facts.serverMessage))
    return 'This network address is not on the access list of the workspace.';
  return 'Ask the owner for the permission that the call needs.';
}
