import { InvalidOptionError } from '../../core/index.ts';

/** Only a text with such a number needs the slower reading; the same digits within a string do no harm. */
const LONG_INTEGER = /[[:,]\s*-?\d{16}|^-?\d{16}/;

/**
 * Parses JSON without losing digits: an integer that a number cannot hold becomes its text.
 *
 * Ids of jobs and runs have 64 bits, of which a number keeps 53. Fields that may hold such ids are read with
 * `z.coerce.string()`, counts with `z.coerce.number()`.
 * @throws {SyntaxError}
 */
export function parseWireJson(text: string): unknown {
  return LONG_INTEGER.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text);
}

function keepDigits(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source;
  return typeof value === 'number' && source !== undefined && isUnsafeInteger(value, source) ? source : value;
}

const isUnsafeInteger = (value: number, source: string): boolean =>
  !Number.isSafeInteger(value) && /^-?\d+$/.test(source);

/** The runtime has it since Node 21; the declarations of TypeScript lack it. */
interface RawJson {
  rawJSON(text: string): unknown;
}

/**
 * An id of digits as a value for the JSON of a request, where it is written as a number with all its digits.
 *
 * @throws {InvalidOptionError} when it is no such id
 */
export function integerId(option: string, id: string): unknown {
  if (!/^\d{1,19}$/.test(id))
    throw new InvalidOptionError(option, `must be a number of at most 19 digits, got '${id}'`);
  return (JSON as unknown as RawJson).rawJSON(BigInt(id).toString());
}
