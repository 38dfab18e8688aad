import { OptimizerError, type Problem } from '../core/index.ts';

/** A place in a text, both counted from 1. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/** A place as people and editors read it: `file:line:column`. */
export const placeText = (file: string, position: TextPosition): string =>
  `${file}:${position.line}:${position.column}`;

/** A benchmark file is not valid YAML or JSON, or holds questions that break the schema; `details` has file, line and column. */
export class BenchmarkFormatError extends OptimizerError {
  constructor(
    message: string,
    details: TextPosition & { readonly file: string; readonly problems?: readonly Problem[] },
    cause?: unknown,
  ) {
    super(message, { code: 'BENCHMARK_FORMAT', details: { ...details }, cause });
  }
}

/** A benchmark file has no question for the domain; the message says which domains it has. */
export class NoBenchmarksError extends OptimizerError {
  constructor(message: string, details: Readonly<Record<string, unknown>>) {
    super(message, { code: 'NO_BENCHMARKS', details });
  }
}

/** A benchmark file does not exist or cannot be read. */
export class BenchmarkFileError extends OptimizerError {
  constructor(
    message: string,
    code: 'BENCHMARK_FILE_MISSING' | 'BENCHMARK_FILE_UNREADABLE',
    file: string,
    cause: unknown,
  ) {
    super(message, { code, details: { file }, cause });
  }
}

/** An edit of a benchmark file that cannot be made without touching more than the question. */
export class BenchmarkEditError extends OptimizerError {
  constructor(message: string, details: Readonly<Record<string, unknown>>) {
    super(message, { code: 'BENCHMARK_EDIT', details });
  }
}
