import { invalidParameter } from './api-error.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A text field that must be there. @throws {ApiError} */
export function requiredText(body: Fields, field: string): string {
  const value = optionalText(body, field);
  if (value === undefined || value === '') throw invalidParameter(`Missing required field: ${field}`);
  return value;
}

/** A text field, or `undefined` when it is absent or null. @throws {ApiError} when it is no text */
export function optionalText(body: Fields, field: string): string | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw invalidParameter(`Field '${field}' must be a string.`);
  return value;
}

/** A whole number of at least 1, or `undefined`. @throws {ApiError} */
export function optionalCount(body: Fields, field: string): number | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  const count = Number(value);
  if (!Number.isInteger(count) || count < 1)
    throw invalidParameter(`Field '${field}' must be a positive integer.`);
  return count;
}
