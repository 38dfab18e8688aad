import {
  addToCoverage,
  answerKey,
  assetInventory,
  benchmarkSchema,
  countCoverage,
  coverageGoal,
  nextDraft,
  nextQuestionIds,
  questionKey,
  questionTemplates,
  type Asset,
  type Benchmark,
  type CoverageCounts,
  type QuestionDraft,
} from '../benchmarks/index.ts';
import { InvalidOptionError, shortName, type Problem } from '../core/index.ts';
import type { Space } from '../spaces/index.ts';
import { lexicalFacts, templatizeSql } from '../sql/index.ts';
import { GroundTruthCache } from './ground-truth-cache.ts';
import { GROUND_TRUTH_DEFAULTS } from './ground-truth-check.ts';
import { draftWithModel, MODEL_LIMITS, rewordWithModel } from './ground-truth-model.ts';
import type { GroundTruthOptions } from './ground-truth-validation.ts';
import { vetDraft, type VettingContext } from './ground-truth-vetting.ts';
import { readValues } from './ground-truth-values.ts';

export interface GenerateQuestionsOptions extends Omit<GroundTruthOptions, 'concurrency'> {
  readonly space: Space;
  /** Key in the file; ids are `<domain>_<NNN>`. */
  readonly domain: string;
  /** Questions there are already; generated ones fill the gaps they leave. */
  readonly existing?: readonly Benchmark[] | undefined;
  /** Further ids that are or were in use. */
  readonly takenIds?: readonly string[] | undefined;
  /** Size of the whole suite. Default: 15, more for spaces with many tables. */
  readonly target?: number | undefined;
  /** Answers with more rows are not worth comparing by eye. Default 200. */
  readonly maxAnswerRows?: number | undefined;
  /** Business requirements in words, for the model. */
  readonly requirements?: readonly string[] | undefined;
}

/** Defaults of {@link generateQuestions}. @see spec/benchmarks.md §3.3 */
export const GENERATION_DEFAULTS = {
  maxAnswerRows: 200,
  rewordedQuestions: 3,
  wordingsPerQuestion: 2,
} as const;

/** A draft that was not kept. */
export interface RejectedDraft {
  readonly question: string;
  readonly sql: string;
  readonly reason: string;
}

export interface GeneratedQuestions {
  /** `source` is `synthetic`, or `augmented` beside existing questions; never `user`. */
  readonly questions: readonly Benchmark[];
  readonly rejected: readonly RejectedDraft[];
  readonly problems: readonly Problem[];
}

/**
 * Makes questions with answer keys for a space: by rule, and with a model if there is one.
 *
 * Every key was run, read-only, on allow-listed objects, and returned something. Metric views and functions
 * come first, then missing categories, then tables. Held-out questions are not shown to the model.
 *
 * @throws {InvalidOptionError} @throws {GroundTruthUnavailableError}
 * @see spec/benchmarks.md §3.2, §3.3, §6
 */
export async function generateQuestions(options: GenerateQuestionsOptions): Promise<GeneratedQuestions> {
  const existing = options.existing ?? [];
  const { target } = options;
  if (target !== undefined && !(Number.isInteger(target) && target >= 1 && target <= 500))
    throw new InvalidOptionError('target', `must be a whole number from 1 to 500, not ${target}`);
  const maker = await Maker.start(options, existing);
  if (options.chatModel !== undefined) {
    await maker.reword();
    await maker.askModel();
  }
  await maker.useTemplates();
  return maker.finished();
}

/** One generation on its way. */
class Maker {
  readonly #options: GenerateQuestionsOptions;
  readonly #existing: readonly Benchmark[];
  readonly #assets: readonly Asset[];
  readonly #target: number;
  readonly #counts: CoverageCounts;
  readonly #vetting: VettingContext;
  readonly #texts: Set<string>;
  readonly #keys: Set<string>;
  readonly #made: Omit<QuestionDraft, 'assets'>[] = [];
  readonly #rejected: RejectedDraft[] = [];
  readonly #problems: Problem[];
  readonly #drafts: readonly QuestionDraft[];

  private constructor(
    options: GenerateQuestionsOptions,
    existing: readonly Benchmark[],
    assets: readonly Asset[],
    drafts: readonly QuestionDraft[],
    problems: readonly Problem[],
  ) {
    this.#options = options;
    this.#existing = existing;
    this.#assets = assets;
    this.#drafts = drafts;
    this.#problems = [...problems];
    this.#target = options.target ?? coverageGoal(assets).target;
    this.#counts = countCoverage(existing, (sql) => {
      const { tables } = lexicalFacts(sql);
      return { tables: tables.map(({ name }) => name), columns: [] };
    });
    this.#texts = new Set(existing.map(({ question }) => questionKey(question)));
    this.#keys = new Set(existing.map(({ expected_sql }) => answerKey(expected_sql)));
    this.#vetting = {
      sql: options.sql,
      variables: options.variables ?? {},
      clock: options.clock,
      cache: options.cache ?? new GroundTruthCache(),
      maxRows: options.maxRows ?? GROUND_TRUTH_DEFAULTS.maxRows,
      signal: options.signal,
      catalog: options.catalog,
      factsCache: options.factsCache ?? new Map(),
      maxAnswerRows: options.maxAnswerRows ?? GENERATION_DEFAULTS.maxAnswerRows,
    };
  }

  static async start(options: GenerateQuestionsOptions, existing: readonly Benchmark[]): Promise<Maker> {
    const assets = assetInventory(options.space, options.catalog);
    const { valuesOf, problems } = await readValues(assets, { sql: options.sql, signal: options.signal });
    return new Maker(options, existing, assets, questionTemplates(assets, valuesOf), problems);
  }

  get #missing(): number {
    return this.#target - this.#existing.length - this.#made.length;
  }

  /** Other wordings of the first open questions of people: same key, same family. */
  async reword(): Promise<void> {
    const { chatModel, signal } = this.#options;
    const users = this.#existing
      .filter(({ source, split }) => source === 'user' && split !== 'held_out')
      .slice(0, GENERATION_DEFAULTS.rewordedQuestions);
    if (chatModel === undefined || users.length === 0 || this.#missing <= 0) return;
    const answer = await rewordWithModel(chatModel, users, GENERATION_DEFAULTS.wordingsPerQuestion, signal);
    if ('problem' in answer) return this.#note(answer.problem);
    const used = new Map<string, number>();
    for (const { id, question } of answer.value) {
      const original = users.find((one) => one.id === id);
      const times = used.get(id) ?? 0;
      if (original === undefined || times >= GENERATION_DEFAULTS.wordingsPerQuestion || this.#missing <= 0)
        continue;
      if (this.#texts.has(questionKey(question))) {
        this.#reject({ question, expected_sql: original.expected_sql }, 'the text repeats another question');
        continue;
      }
      used.set(id, times + 1);
      this.#texts.add(questionKey(question));
      this.#made.push({ ...original, question, variant_of: id });
    }
  }

  async askModel(): Promise<void> {
    const { chatModel, requirements = [], signal } = this.#options;
    let rejected: { sql: string; problem: string }[] = [];
    if (chatModel === undefined) return;
    for (let attempt = 1; attempt <= MODEL_LIMITS.drafts && this.#missing > 0; attempt += 1) {
      const goal = coverageGoal(this.#assets);
      const answer = await draftWithModel(
        chatModel,
        {
          assets: this.#assets,
          count: this.#missing,
          missingCategories: goal.categories.filter((category) => !this.#counts.categories.has(category)),
          uncoveredAssets: this.#assets
            .map(({ name }) => name)
            .filter((name) => !this.#counts.assets.has(shortName(name))),
          existing: [
            ...this.#existing.filter(({ split }) => split !== 'held_out').map(({ question }) => question),
            ...this.#made.map(({ question }) => question),
          ],
          requirements,
          rejected,
        },
        signal,
      );
      if ('problem' in answer) {
        this.#note(answer.problem);
        continue;
      }
      rejected = [];
      for (const draft of answer.value) {
        if (this.#missing <= 0) break;
        const problem = await this.#try(draft);
        if (problem !== null)
          rejected.push({ sql: draft.expected_sql, problem: problem.slice(0, MODEL_LIMITS.error) });
      }
      if (rejected.length === 0) break;
    }
  }

  async useTemplates(): Promise<void> {
    let left = this.#drafts;
    while (this.#missing > 0) {
      const draft = nextDraft(left, this.#counts, coverageGoal(this.#assets));
      if (draft === null) return;
      left = left.filter((other) => other !== draft);
      await this.#try(draft);
    }
  }

  finished(): GeneratedQuestions {
    const ids = nextQuestionIds(
      this.#options.domain,
      [...this.#existing.map(({ id }) => id), ...(this.#options.takenIds ?? [])],
      this.#made.length,
    );
    const source = this.#existing.length > 0 ? 'augmented' : 'synthetic';
    return {
      questions: this.#made.map(({ question, expected_sql, expected_asset, category, variant_of }, at) =>
        benchmarkSchema.parse({
          id: ids[at],
          question,
          expected_sql,
          expected_asset,
          category,
          source,
          required_tables: [...new Set(lexicalFacts(expected_sql).tables.map(({ name }) => shortName(name)))],
          ...(variant_of === undefined ? {} : { variant_of }),
        }),
      ),
      rejected: this.#rejected,
      problems: this.#problems,
    };
  }

  /** Keeps a draft, or says why not. */
  async #try(draft: QuestionDraft): Promise<string | null> {
    const expected_sql = templatizeSql(draft.expected_sql, this.#vetting.variables);
    const key = answerKey(expected_sql);
    const problem = this.#texts.has(questionKey(draft.question))
      ? 'the text repeats another question'
      : this.#keys.has(key)
        ? 'another question has the same answer key'
        : null;
    const vetted = problem ?? (await vetDraft({ ...draft, expected_sql }, this.#assets, this.#vetting));
    if (typeof vetted === 'string') {
      this.#reject(draft, vetted);
      return vetted;
    }
    this.#texts.add(questionKey(draft.question));
    this.#keys.add(key);
    addToCoverage(this.#counts, { category: draft.category, assets: vetted.assets });
    this.#made.push({ ...draft, expected_sql, expected_asset: vetted.kind });
    return null;
  }

  #reject(
    { question, expected_sql }: Pick<QuestionDraft, 'question' | 'expected_sql'>,
    reason: string,
  ): void {
    this.#rejected.push({ question, sql: expected_sql, reason });
  }

  #note(problem: string): void {
    this.#problems.push({
      code: 'MODEL_ANSWER_UNUSABLE',
      severity: 'warning',
      path: '',
      message: `The model's answer could not be used: ${problem}. Questions are made by rule instead.`,
    });
  }
}
