import { hasNoErrors, type Problem } from '../core/index.ts';
import type { BenchmarkSuite } from './benchmark.ts';
import { unknownVariables } from './coverage.ts';
import { BenchmarkFileError, BenchmarkFormatError } from './errors.ts';
import { parseBenchmarks } from './parse-benchmarks.ts';
import type { SplitOptions } from './splits.ts';

export interface LoadBenchmarksOptions {
  /** Key of the questions in the file. */
  readonly domain: string;
  /** Values for `${name}` in the answer keys. When given, a name without a value is reported. */
  readonly variables?: Readonly<Record<string, string>>;
  /** `throw` (default) refuses a file with an invalid question; `skip` goes on without it and lists it in `problems`. */
  readonly invalid?: 'throw' | 'skip';
  readonly splits?: SplitOptions;
}

/** A suite with what was noticed while reading it. */
export interface LoadedBenchmarks extends BenchmarkSuite {
  readonly file: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly problems: readonly Problem[];
}

/**
 * Reads the questions of one domain from a file.
 *
 * @throws {BenchmarkFileError} when the file is missing or unreadable
 * @throws {BenchmarkFormatError} when it is malformed, or holds an invalid question and `invalid` is `throw`
 * @throws {NoBenchmarksError} when it has no question for the domain
 */
export async function loadBenchmarks(
  path: string,
  options: LoadBenchmarksOptions,
): Promise<LoadedBenchmarks> {
  const { suite, problems } = parseBenchmarks(await readText(path), {
    domain: options.domain,
    file: path,
    ...(options.splits === undefined ? {} : { splits: options.splits }),
  });
  const found = [...problems, ...variableProblems(suite, options.variables)];
  if (!hasNoErrors(problems) && (options.invalid ?? 'throw') === 'throw')
    throw invalidQuestions(path, problems);
  return { ...suite, file: path, variables: options.variables ?? {}, problems: found };
}

async function readText(path: string): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw missing
      ? new BenchmarkFileError(
          `The benchmark file ${path} does not exist. Check the path, or create it with a list of questions.`,
          'BENCHMARK_FILE_MISSING',
          path,
          cause,
        )
      : new BenchmarkFileError(
          `The benchmark file ${path} cannot be read: ${(cause as Error).message}. Check that it is a readable file.`,
          'BENCHMARK_FILE_UNREADABLE',
          path,
          cause,
        );
  }
}

const SHOWN_PROBLEMS = 5;

function invalidQuestions(file: string, problems: readonly Problem[]): BenchmarkFormatError {
  const errors = problems.filter((problem) => problem.severity === 'error');
  const more = errors.length > SHOWN_PROBLEMS ? `\n  … and ${errors.length - SHOWN_PROBLEMS} more` : '';
  const list = errors
    .slice(0, SHOWN_PROBLEMS)
    .map((problem) => `\n  ${problem.message}`)
    .join('');
  const { line, column } = (errors[0]?.details ?? {}) as { line?: number; column?: number };
  return new BenchmarkFormatError(
    `${file} holds ${errors.length === 1 ? 'an invalid entry' : `${errors.length} invalid entries`}:${list}${more}\nCorrect them, or pass invalid: 'skip' to go on without these questions.`,
    { file, line: line ?? 1, column: column ?? 1, problems: errors },
  );
}

function variableProblems(suite: BenchmarkSuite, variables: LoadBenchmarksOptions['variables']): Problem[] {
  if (variables === undefined) return [];
  return suite.questions.flatMap(({ id, expected_sql }) =>
    unknownVariables(expected_sql, variables).map((name): Problem => ({
      code: 'UNRESOLVED_TEMPLATE',
      severity: 'warning',
      path: id,
      message: `Question '${id}' uses \${${name}}, which has no value. Known: ${Object.keys(variables).join(', ') || 'none'}.`,
      details: { id, variable: name },
    })),
  );
}
