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
