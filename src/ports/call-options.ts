/** Last argument of every port method. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}
