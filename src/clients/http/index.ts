export * from './errors.ts';
export * from './host.ts';
export {
  HTTP_DEFAULTS,
  HttpClient,
  type HttpCall,
  type HttpClientOptions,
  type HttpMethod,
} from './http-client.ts';
export * from './pages.ts';
export * from './path.ts';
export type { Query, QueryValue } from './query.ts';
export { RETRY_DEFAULTS, type RetryLimits, type RetryMode } from './retry-policy.ts';
export { LIBRARY_VERSION } from './user-agent.ts';
