import {
  assignSplits,
  checkTemporalFreshness,
  markStale,
  type BenchmarkSuite,
  type SplitBenchmark,
} from '../benchmarks/index.ts';
import { OptimizerError } from '../core/index.ts';
import {
  formatQueue,
  intake,
  REMEDIATION_QUEUE_FILE,
  updateQueue,
  validateGroundTruth,
  type GroundTruthOptions,
} from '../evaluation/index.ts';
import type { CatalogSnapshot, FileStore } from '../ports/index.ts';
import type { Space } from '../spaces/index.ts';
import type { RunContext } from './context.ts';
import { MIN_BENCHMARKS } from './preconditions.ts';

/** A question this run leaves out, and why. Wire names. */
export interface ExcludedQuestion {
  readonly question_id: string;
  readonly reason_code: string;
  readonly detail: string;
}

export interface PreparedSuite {
  readonly suite: BenchmarkSuite;
  readonly excluded: readonly ExcludedQuestion[];
}

/** Folder of the files of a run. */
export const runFolder = ({ options, session }: Pick<RunContext, 'options' | 'session'>): string =>
  `${options.outputDir}/${session().session_id}`;

/**
 * The questions as this run asks them: filled up where somebody allows it, answer keys run once, keys that
 * cannot be used left out with their reason.
 *
 * Nothing is dropped in silence: questions left out stay in the suite, marked, and are listed; keys that fail
 * go into the remediation queue beside the report.
 *
 * @throws {GroundTruthUnavailableError} when the warehouse stays away: no key is called invalid for that
 */
export async function prepareSuite(
  ctx: RunContext,
  suite: BenchmarkSuite,
  target: { readonly space: Space; readonly catalog: CatalogSnapshot },
): Promise<PreparedSuite> {
  const { options } = ctx;
  const filled = await fillUp(ctx, suite, target);
  const excluded: ExcludedQuestion[] = [];
  if (options.validateKeys !== false) excluded.push(...(await brokenKeys(ctx, filled, target.catalog)));
  const marked = markStale(filled.questions);
  if (options.staleKeys === 'exclude') {
    const known = new Set(excluded.map(({ question_id }) => question_id));
    excluded.push(
      ...checkTemporalFreshness(filled.questions)
        .filter(({ question_id }) => !known.has(question_id))
        .map(({ question_id, phrases, hardcoded_dates }) => ({
          question_id,
          reason_code: 'temporal_stale',
          detail: `It asks for '${phrases.join("', '")}', but its key is fixed to ${hardcoded_dates.join(', ')}.`,
        })),
    );
  }
  const reasons = new Map(excluded.map(({ question_id, reason_code }) => [question_id, reason_code]));
  const at = ctx.clock.now().toISOString();
  return {
    suite: {
      ...filled,
      questions: marked.map((question) =>
        reasons.has(question.id)
          ? { ...question, quarantined_at: at, quarantine_reason: reasons.get(question.id) }
          : question,
      ),
    },
    excluded,
  };
}

const validating = (ctx: RunContext, catalog: CatalogSnapshot): GroundTruthOptions => ({
  sql: ctx.workspace.sql,
  catalog,
  variables: ctx.options.variables,
  clock: ctx.clock,
  chatModel: ctx.options.chatModel,
  cache: ctx.groundTruth,
  signal: ctx.signal,
});

/** Asks before a single question is generated; without somebody to ask, none are. */
async function fillUp(
  ctx: RunContext,
  suite: BenchmarkSuite,
  { space, catalog }: { readonly space: Space; readonly catalog: CatalogSnapshot },
): Promise<BenchmarkSuite> {
  const { generateQuestions } = ctx.options;
  if (generateQuestions === undefined || suite.questions.length >= MIN_BENCHMARKS) return suite;
  const { generated } = await intake({
    ...validating(ctx, catalog),
    userQuestions: suite.questions,
    space,
    domain: suite.domain,
    spaceQuestions: false,
    ask: generateQuestions,
  });
  const { questions } = assignSplits([...suite.questions, ...generated]);
  return { ...suite, questions };
}

/** Runs every answer key once; those that fail wait for a person in the remediation queue. */
async function brokenKeys(
  ctx: RunContext,
  suite: BenchmarkSuite,
  catalog: CatalogSnapshot,
): Promise<ExcludedQuestion[]> {
  const { details } = await validateGroundTruth(suite.questions, validating(ctx, catalog));
  const queue = updateQueue([], details, suite.questions);
  if (queue.length > 0) {
    await ctx.options.files.write(`${runFolder(ctx)}/${REMEDIATION_QUEUE_FILE}`, formatQueue(queue));
  }
  return details
    .filter(({ status }) => status !== 'valid')
    .map(({ id, reason_code, error }) => ({
      question_id: id,
      reason_code: reason_code ?? 'missing_ground_truth',
      detail: error ?? 'It has no answer key.',
    }));
}

const suitePath = (ctx: Pick<RunContext, 'options' | 'session'>): string =>
  `${runFolder(ctx)}/benchmarks.json`;

/**
 * Keeps the suite as asked, so that a resumed run asks the same; returns where.
 *
 * @param path - default the file that the session names, else the first one of the run
 */
export async function saveSuite(
  ctx: RunContext,
  suite: BenchmarkSuite,
  path = ctx.session().suite_ref ?? suitePath(ctx),
): Promise<string> {
  await ctx.options.files.write(
    path,
    `${JSON.stringify({ ...suite, variables: ctx.options.variables }, null, 1)}\n`,
  );
  return path;
}

/** The suite of a run that is resumed; `null` when it had none yet. */
export const loadSuite = (ctx: RunContext): Promise<BenchmarkSuite | null> =>
  readStoredSuite(ctx.options.files, ctx.session().suite_ref);

/**
 * The questions of a run, as it asks them, from the path in its session; `null` where that names none.
 *
 * @throws {OptimizerError} code `SUITE_FILE` when the file is missing or damaged
 */
export async function readStoredSuite(files: FileStore, path: string | null): Promise<BenchmarkSuite | null> {
  if (path === null) return null;
  const text = await files.read(path);
  try {
    const suite = JSON.parse(text ?? '') as { readonly questions?: readonly SplitBenchmark[] };
    if (Array.isArray(suite.questions)) return suite as BenchmarkSuite;
  } catch (cause) {
    throw damaged(path, cause);
  }
  throw damaged(path);
}

const damaged = (path: string, cause?: unknown): OptimizerError =>
  new OptimizerError(
    `The questions of this run, '${path}', are missing or damaged. Start a new run instead of resuming.`,
    { code: 'SUITE_FILE', details: { path }, cause },
  );
