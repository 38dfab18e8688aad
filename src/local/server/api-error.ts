import { OptimizerError } from '../../core/index.ts';

/** An answer of the REST API that is an error: status, code and message as a real workspace sends them. */
export class ApiError extends OptimizerError {
  readonly status: number;
  readonly errorCode: string | number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    errorCode: string | number,
    message: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message, { code: 'API_ERROR', details: { status, errorCode } });
    this.status = status;
    this.errorCode = errorCode;
    this.headers = headers;
  }
}

export const invalidParameter = (message: string): ApiError =>
  new ApiError(400, 'INVALID_PARAMETER_VALUE', message);
export const malformedRequest = (message: string): ApiError =>
  new ApiError(400, 'MALFORMED_REQUEST', message);
export const notFound = (message: string): ApiError => new ApiError(404, 'RESOURCE_DOES_NOT_EXIST', message);

/** A write with the tag of an older version of the space. */
export const spaceConflict = (): ApiError =>
  new ApiError(
    409,
    'ABORTED',
    'Space configuration has been modified since this export was taken. Please get the latest version of the space and apply the change to it.',
  );
