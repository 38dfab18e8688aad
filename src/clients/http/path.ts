import { OptimizerError } from '../../core/index.ts';

declare const API_PATH: unique symbol;

/** A path made by {@link path}: every variable part encoded, none empty. */
export type ApiPath = string & { readonly [API_PATH]: true };

/** A variable part of a path is empty, blank, `.` or `..`, and would address something else than meant. */
export class InvalidPathError extends OptimizerError {
  constructor(template: string, part: string) {
    super(
      `The path ${template} needs a value at position {${part}}, and it was empty, blank or a dot. ` +
        'Pass the id of the object; an empty id would address the whole collection.',
      { code: 'INVALID_PATH', details: { template, part } },
    );
  }
}

/** Several path segments in one value, such as the path of an artifact; each segment is encoded on its own. */
export class PathSegments {
  readonly segments: readonly string[];

  /** @param text - segments joined by `/`; empty ones are dropped */
  constructor(text: string) {
    this.segments = text.split('/').filter((segment) => segment !== '');
  }
}

/**
 * Template tag for request paths: encodes each value and refuses values that would change the path's meaning.
 *
 * @throws {InvalidPathError}
 * @see spec/databricks-apis.md §1
 */
export function path(
  template: TemplateStringsArray,
  ...values: readonly (string | number | PathSegments)[]
): ApiPath {
  const shown = template.reduce((text, literal, index) => `${text}{${index}}${literal}`);
  return template.reduce((text, literal, index) => {
    const value = values[index - 1];
    const parts = value instanceof PathSegments ? value.segments : [String(value ?? '')];
    if (parts.length === 0) throw new InvalidPathError(shown, String(index));
    return text + parts.map((part) => encodePart(part, shown, String(index))).join('/') + literal;
  }) as ApiPath;
}

function encodePart(part: string, template: string, position: string): string {
  // `.` and `..` survive encoding and are then resolved by the URL parser.
  if (part.trim() === '' || part === '.' || part === '..') throw new InvalidPathError(template, position);
  return encodeURIComponent(part);
}

/** The path of an address that a server handed out, which is encoded already. */
export const existingPath = (url: URL): ApiPath => url.pathname as ApiPath;
