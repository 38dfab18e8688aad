import { compareCodeUnits, shortName, type Problem } from '../core/index.ts';
import { ASSET_KINDS, CATEGORIES, type AssetKind, type BenchmarkSuite, type Category } from './benchmark.ts';
import { referencedObjects, type DependenciesOf } from './dependencies.ts';
import { checkTemporalFreshness, freshnessProblems } from './freshness.ts';
import { isQuarantined } from './scope.ts';

/** Minimum size of a suite by number of tables. @see spec/benchmarks.md §6 */
export const COVERAGE_MINIMUMS = [
  { domainSize: 'small', upToTables: 3, questions: 10, categories: 4 },
  { domainSize: 'medium', upToTables: 8, questions: 15, categories: 6 },
  { domainSize: 'large', upToTables: Infinity, questions: 20, categories: 8 },
] as const;
export type DomainSize = (typeof COVERAGE_MINIMUMS)[number]['domainSize'];

/** What the space offers, as far as known; unknown parts are not checked. */
export interface LintOptions {
  /** Names of all tables and metric views of the space. Default: those that the questions require. */
  readonly tables?: readonly string[];
  readonly metricViews?: readonly string[];
  readonly functions?: readonly string[];
  /** Categories that the space can answer at all, e.g. without `prediction` when there is no such table. */
  readonly answerableCategories?: readonly Category[];
  readonly dependenciesOf?: DependenciesOf;
}

/** How well a suite covers its space. Held-out and quarantined questions do not count towards `questions`. */
export interface CoverageReport {
  readonly domainSize: DomainSize;
  readonly questions: number;
  readonly required: { readonly questions: number; readonly categories: number };
  readonly categories: Readonly<Record<string, number>>;
  readonly missingCategories: readonly Category[];
  readonly assets: Readonly<Record<AssetKind, number>>;
  /** Metric views and functions that no question requires. */
  readonly uncoveredAssets: readonly string[];
  readonly p0Count: number;
  readonly heldOutCount: number;
  readonly warnings: readonly Problem[];
}

/**
 * Checks a suite against the rules for good benchmark suites. Reports, never changes.
 *
 * @see spec/benchmarks.md §6, §12
 */
export function lintBenchmarks(suite: BenchmarkSuite, options: LintOptions = {}): CoverageReport {
  const active = suite.questions.filter((question) => !isQuarantined(question));
  const counted = active.filter((question) => question.split !== 'held_out');
  const covered = new Set(
    active.flatMap((question) => referencedObjects(question, options.dependenciesOf).tables.map(shortName)),
  );
  const tables = new Set((options.tables ?? [...covered]).map(shortName));
  const minimum = COVERAGE_MINIMUMS.find((row) => tables.size <= row.upToTables) ?? COVERAGE_MINIMUMS[2];
  const answerable = options.answerableCategories ?? CATEGORIES;

  const categories: Record<string, number> = {};
  for (const { category } of counted) categories[category] = (categories[category] ?? 0) + 1;
  const report = {
    domainSize: minimum.domainSize,
    questions: counted.length,
    required: { questions: minimum.questions, categories: Math.min(minimum.categories, answerable.length) },
    categories,
    missingCategories: answerable.filter((category) => categories[category] === undefined),
    assets: Object.fromEntries(
      ASSET_KINDS.map((kind) => [
        kind,
        counted.filter((question) => question.expected_asset === kind).length,
      ]),
    ) as Record<AssetKind, number>,
    uncoveredAssets: [...(options.metricViews ?? []), ...(options.functions ?? [])]
      .filter((asset) => !covered.has(shortName(asset)))
      .sort(compareCodeUnits),
    p0Count: counted.filter((question) => question.priority === 'P0').length,
    heldOutCount: active.length - counted.length,
  };
  return {
    ...report,
    warnings: [
      ...findings(report),
      ...idFindings(suite),
      ...variableFindings(suite),
      ...freshnessProblems(checkTemporalFreshness(active)),
    ],
  };
}

function findings(report: Omit<CoverageReport, 'warnings'>): Problem[] {
  const categoryCount = Object.keys(report.categories).length;
  const { required } = report;
  return [
    report.questions < required.questions &&
      warning(
        'TOO_FEW_QUESTIONS',
        `${report.questions} questions are open to the loop; a ${report.domainSize} domain needs ${required.questions}. Add questions.`,
      ),
    categoryCount < required.categories &&
      warning(
        'TOO_FEW_CATEGORIES',
        `${categoryCount} categories are covered of ${required.categories}; missing: ${report.missingCategories.join(', ')}.`,
      ),
    report.uncoveredAssets.length > 0 &&
      warning(
        'UNCOVERED_ASSETS',
        `No question requires ${report.uncoveredAssets.join(', ')}. Add one per metric view and function.`,
      ),
    report.p0Count === 0 &&
      warning(
        'NO_P0',
        'No question is P0, so the P0 gate will be inconclusive every time. Mark the questions that must never break.',
      ),
    report.heldOutCount === 0 &&
      warning(
        'NO_HELD_OUT',
        'No question is held out, so overfitting cannot be seen. Write `split: held_out` at about a fifth of them.',
      ),
  ].filter((finding) => finding !== false);
}

function idFindings(suite: BenchmarkSuite): Problem[] {
  const odd = suite.questions
    .filter((question) => !new RegExp(String.raw`^[\w-]+_\d{3,}$`).test(question.id))
    .map((question) => question.id);
  return odd.length === 0
    ? []
    : [warning('ID_FORMAT', `Ids should read <domain>_<NNN>: ${odd.join(', ')}.`, { ids: odd })];
}

function variableFindings(suite: BenchmarkSuite): Problem[] {
  const { variables } = suite;
  if (variables === undefined) return [];
  return suite.questions.flatMap((question) => {
    const unknown = unknownVariables(question.expected_sql, variables);
    if (unknown.length === 0) return [];
    return [
      warning(
        'UNRESOLVED_TEMPLATE',
        `${question.id} uses \${${unknown.join('}, ${')}}, which has no value.`,
        { question_id: question.id, variables: unknown },
      ),
    ];
  });
}

/** Names inside `${…}` of a statement that have no value. */
export function unknownVariables(sql: string, variables: Readonly<Record<string, string>>): string[] {
  const names = [...sql.matchAll(/\$\{([^}]*)\}/g)].map((match) => match[1]?.trim() ?? '');
  return [...new Set(names)].filter((name) => !Object.hasOwn(variables, name));
}

const warning = (
  code: string,
  message: string,
  details: Readonly<Record<string, unknown>> = {},
): Problem => ({ code, severity: 'warning', path: '', message, details });
