import { InvalidOptionError, nameParts } from '../core/index.ts';
import { EVAL_SCOPES, type BenchmarkSuite, type EvalScope, type SplitBenchmark } from './benchmark.ts';
import { referencedObjects, type DependenciesOf } from './dependencies.ts';

/** What a `slice` is cut by; the other scopes need none of it. */
export interface ScopeOptions {
  /** Names of objects that patches touch: `c.s.table`, `table`, `c.s.table.column`, `table.column` or `column`. */
  readonly patchedObjects?: readonly string[];
  /** Questions that the patches claim to affect. */
  readonly predictedQuestionIds?: readonly string[];
  /** Finds dependencies of questions whose author listed none. */
  readonly dependenciesOf?: DependenciesOf;
}

/**
 * The questions that an evaluation of this scope asks, in file order.
 *
 * Held-out questions are in `held_out` alone; quarantined ones (`quarantined_at`) in none. An empty
 * answer means that there is nothing to run, never "take all".
 *
 * @throws {InvalidOptionError} for an unknown scope
 * @see spec/evaluation.md §3
 */
export function questionsInScope(
  suite: BenchmarkSuite,
  scope: EvalScope,
  options: ScopeOptions = {},
): readonly SplitBenchmark[] {
  const active = suite.questions.filter((question) => !isQuarantined(question));
  const open = active.filter((question) => question.split !== 'held_out');
  switch (scope) {
    case 'full':
      return open;
    case 'p0':
      return open.filter((question) => question.priority === 'P0');
    case 'held_out':
      return active.filter((question) => question.split === 'held_out');
    case 'slice':
      return open.filter(touchedBy(options));
    default:
      throw new InvalidOptionError(
        'scope',
        `must be one of ${EVAL_SCOPES.join(', ')}, not '${String(scope satisfies never)}'`,
      );
  }
}

/** Whether a question was put aside; it stays in the file but is never asked. */
export const isQuarantined = (question: Readonly<Record<string, unknown>>): boolean =>
  typeof question['quarantined_at'] === 'string' && question['quarantined_at'] !== '';

function touchedBy(options: ScopeOptions): (question: SplitBenchmark) => boolean {
  const predicted = new Set(options.predictedQuestionIds);
  const patched = new Set((options.patchedObjects ?? []).flatMap(nameForms));
  const patchedTables = new Set((options.patchedObjects ?? []).flatMap(tableOfColumn));
  return (question) => {
    if (predicted.has(question.id)) return true;
    const { tables, columns } = referencedObjects(question, options.dependenciesOf);
    if ([...tables, ...columns].flatMap(nameForms).some((form) => patched.has(form))) return true;
    // Nothing is known about the columns of this question: a column of its table may well be among them.
    return columns.length === 0 && tables.flatMap(nameForms).some((form) => patchedTables.has(form));
  };
}

/** Full name, last part, and the last two parts (`table.column`), lower case. */
function nameForms(name: string): string[] {
  const parts = nameParts(name).map((part) => part.toLowerCase());
  return [...new Set([parts.join('.'), parts.slice(-1).join('.'), parts.slice(-2).join('.')])].filter(
    (form) => form !== '',
  );
}

/** The table's short name when `name` can be a column of one. */
function tableOfColumn(name: string): string[] {
  const parts = nameParts(name).map((part) => part.toLowerCase());
  return parts.length === 2 || parts.length === 4 ? parts.slice(-2, -1) : [];
}
