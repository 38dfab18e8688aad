import {
  assetInventory,
  coverageGoal,
  INTAKE_SIZES,
  lintBenchmarks,
  questionKey,
  readSpaceQuestions,
  referencedObjects,
  type Benchmark,
  type CoverageReport,
} from '../benchmarks/index.ts';
import { analyzeSql, lexicalFacts } from '../sql/index.ts';
import {
  generateQuestions,
  type GenerateQuestionsOptions,
  type RejectedDraft,
} from './ground-truth-generation.ts';
import { validateGroundTruth, withFields, validationFields } from './ground-truth-validation.ts';
import { intakeFeedback } from './intake-feedback.ts';
import {
  intakeIssues,
  intakeStatus,
  resolvedAsFarAsKnown,
  type CheckedQuestion,
  type IntakePath,
} from './intake-checks.ts';

/** What is asked before a single question is generated. */
export interface GenerationRequest {
  readonly path: Exclude<IntakePath, 'full'>;
  readonly usable: number;
  readonly target: number;
  readonly missingCategories: readonly string[];
  readonly uncoveredAssets: readonly string[];
  /** The whole state in words. */
  readonly feedback: string;
}

/** The generated questions as they should stand; `false`: none of them. */
export type ReviewAnswer = readonly Benchmark[] | false;

export interface IntakeOptions extends Omit<GenerateQuestionsOptions, 'existing' | 'takenIds'> {
  /** As supplied; they are never reworded or replaced. */
  readonly userQuestions: readonly Benchmark[];
  /** Asked before generating; without it nothing is generated. */
  readonly ask?: ((request: GenerationRequest) => boolean | Promise<boolean>) | undefined;
  /** Sees what was generated and may change, add or remove; what it changes is run again. Default: accept. */
  readonly review?: ((generated: readonly Benchmark[]) => ReviewAnswer | Promise<ReviewAnswer>) | undefined;
  /** Whether the space's own benchmark questions count as supplied. Default `true`. */
  readonly spaceQuestions?: boolean | undefined;
}

export interface IntakeResult {
  readonly path: IntakePath;
  /** `ready`: at least the intake's minimum; `needs_questions`: nobody allowed generating, or too little came of it. */
  readonly outcome: 'ready' | 'needs_questions';
  /** Everything that can be asked: supplied ones first, as supplied, then generated ones. */
  readonly questions: readonly Benchmark[];
  /** Every supplied question, usable or not. */
  readonly supplied: readonly CheckedQuestion[];
  readonly generated: readonly Benchmark[];
  /** Drafts that were not kept, with the reason. */
  readonly rejectedDrafts: readonly RejectedDraft[];
  readonly asked: boolean;
  readonly coverage: CoverageReport;
  /** What was submitted, what can be used, what to do next. */
  readonly feedback: string;
}

/**
 * Takes in supplied questions and fills up with generated ones, if somebody says so.
 *
 * Every question is checked against the space and its answer key is run. Ten valid ones or more are taken as they
 * are. With fewer, `ask` decides whether questions are generated: never silently.
 *
 * @throws {GroundTruthUnavailableError} @throws {InvalidOptionError}
 * @see spec/benchmarks.md §3
 */
export async function intake(options: IntakeOptions): Promise<IntakeResult> {
  const { userQuestions, space, domain } = options;
  const own =
    options.spaceQuestions === false
      ? []
      : readSpaceQuestions(space, { domain, existing: userQuestions }).questions;
  const supplied = await checkSupplied([...userQuestions, ...own], options);
  const usable = supplied.filter(({ status }) => status !== 'invalid').map(({ question }) => question);
  const valid = supplied.filter(({ status }) => status === 'valid').length;
  const path: IntakePath = valid >= INTAKE_SIZES.full ? 'full' : valid > 0 ? 'partial' : 'none';
  const feedbackOf = (questions: readonly Benchmark[]): string =>
    intakeFeedback(path, supplied, questions.length);
  const base = { path, supplied, generated: [], rejectedDrafts: [] };
  if (path === 'full')
    return {
      ...base,
      outcome: 'ready',
      questions: usable,
      asked: false,
      coverage: coverageOf(usable, options),
      feedback: feedbackOf(usable),
    };

  const coverage = coverageOf(usable, options);
  const allowed =
    options.ask !== undefined &&
    (await options.ask({
      path,
      usable: usable.length,
      target: options.target ?? coverageGoal(assetInventory(space, options.catalog)).target,
      missingCategories: coverage.missingCategories,
      uncoveredAssets: coverage.uncoveredAssets,
      feedback: feedbackOf(usable),
    }));
  const asked = options.ask !== undefined;
  if (!allowed)
    return {
      ...base,
      outcome: 'needs_questions',
      questions: usable,
      asked,
      coverage,
      feedback: feedbackOf(usable),
    };

  const made = await generateQuestions({
    ...options,
    existing: usable,
    takenIds: supplied.map(({ question }) => question.id),
  });
  const { kept, rejected } = await reviewed(made.questions, usable, options);
  const questions = [...usable, ...kept];
  return {
    ...base,
    outcome: questions.length >= INTAKE_SIZES.full ? 'ready' : 'needs_questions',
    questions,
    generated: kept,
    rejectedDrafts: [...made.rejected, ...rejected],
    asked,
    coverage: coverageOf(questions, options),
    feedback: feedbackOf(questions),
  };
}

/** Checks supplied questions against the space and runs their keys. */
export async function checkSupplied(
  questions: readonly Benchmark[],
  options: Pick<
    IntakeOptions,
    | 'space'
    | 'catalog'
    | 'sql'
    | 'variables'
    | 'clock'
    | 'chatModel'
    | 'maxRows'
    | 'cache'
    | 'factsCache'
    | 'signal'
  >,
): Promise<CheckedQuestion[]> {
  const { details } = await validateGroundTruth(questions, options);
  const assets = assetInventory(options.space, options.catalog);
  const tables = options.catalog.tables.map(({ name, columns }) => ({
    name,
    columns: columns.map((one) => one.name),
  }));
  const variables = options.variables ?? {};
  const earlier = new Map<string, string>();
  const checked: CheckedQuestion[] = [];
  for (const [at, question] of questions.entries()) {
    const groundTruth = details[at];
    if (groundTruth === undefined) continue;
    const facts = await analyzeSql(resolvedAsFarAsKnown(question.expected_sql, variables), {
      tables,
      cache: options.factsCache,
    });
    const issues = intakeIssues(question, facts, { assets, space: options.space, variables, earlier });
    if (groundTruth.status !== 'valid')
      issues.push({
        type: 'ground_truth_failed',
        detail: groundTruth.reason_code ?? 'missing_ground_truth',
        message: `The answer key cannot be run: ${groundTruth.error ?? 'it is missing'}`,
      });
    if (!earlier.has(questionKey(question.question)))
      earlier.set(questionKey(question.question), question.id);
    checked.push({ question, status: intakeStatus(issues), issues, groundTruth });
  }
  return checked;
}

/** Lets a person look; what they changed or added is run, and what cannot be run is not kept. */
async function reviewed(
  generated: readonly Benchmark[],
  usable: readonly Benchmark[],
  options: IntakeOptions,
): Promise<{ readonly kept: readonly Benchmark[]; readonly rejected: readonly RejectedDraft[] }> {
  const answer = options.review === undefined ? generated : await options.review(generated);
  if (answer === false) return { kept: [], rejected: [] };
  const taken = new Set(usable.map(({ id }) => id));
  const before = new Map(generated.map((question) => [question.id, question.expected_sql]));
  const changed = answer.filter(({ id, expected_sql }) => before.get(id) !== expected_sql);
  const { details } = await validateGroundTruth(changed, options);
  const failed = new Map(
    details.filter(({ status }) => status !== 'valid').map((check) => [check.id, check]),
  );
  const passed = new Map(
    details.filter(({ status }) => status === 'valid').map((check) => [check.id, check]),
  );
  const kept = answer
    .filter(({ id }) => !failed.has(id) && !taken.has(id))
    .map((question) => {
      const check = passed.get(question.id);
      return check === undefined ? question : withFields(question, validationFields(check));
    });
  const rejected = answer
    .filter(({ id }) => failed.has(id) || taken.has(id))
    .map(({ id, question, expected_sql }) => ({
      question,
      sql: expected_sql,
      reason: failed.get(id)?.error ?? `the id ${id} is in use`,
    }));
  return { kept, rejected };
}

function coverageOf(
  questions: readonly Benchmark[],
  { space, catalog, domain, variables = {} }: IntakeOptions,
): CoverageReport {
  const assets = assetInventory(space, catalog);
  const named = (kind: 'MV' | 'TVF' | 'TABLE'): string[] =>
    assets.filter((asset) => asset.kind === kind).map(({ name }) => name);
  const dependenciesOf = (sql: string) => ({
    tables: lexicalFacts(resolvedAsFarAsKnown(sql, variables)).tables.map(({ name }) => name),
    columns: [],
  });
  return lintBenchmarks(
    {
      domain,
      variables,
      questions: questions.map((question) => ({
        ...question,
        required_tables: [...referencedObjects(question, dependenciesOf).tables],
        split: question.split ?? 'train',
      })),
    },
    {
      tables: [...named('TABLE'), ...named('MV')],
      metricViews: named('MV'),
      functions: named('TVF'),
      answerableCategories: coverageGoal(assets).categories,
    },
  );
}
