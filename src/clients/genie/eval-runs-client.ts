import * as z from 'zod';
import { OptimizerError } from '../../core/index.ts';
import type { CallOptions, Clock, EvalResult, EvalRun, EvalRunsPort } from '../../ports/index.ts';
import { type HttpClient, pages, path } from '../http/index.ts';
import { pause } from '../pause.ts';
import { defaultPollInterval, type PollInterval } from '../poll-interval.ts';
import { systemClock } from '../system/clock.ts';

const text = z.string().nullish();
const count = z.coerce.number().nullish();

const runSchema = z.looseObject({
  eval_run_id: z.string(),
  eval_run_status: text,
  num_questions: count,
  num_done: count,
  num_correct: count,
  num_needs_review: count,
});

const resultSchema = z.looseObject({ result_id: z.string(), benchmark_question_id: text });

const responseSchema = z.looseObject({ response_type: text, response: text });

const detailSchema = resultSchema.extend({
  assessment: text,
  assessment_reasons: z.array(z.string()).nullish(),
  actual_response: z.array(responseSchema).nullish(),
  expected_response: z.array(responseSchema).nullish(),
});

const runPageSchema = z.looseObject({ eval_runs: z.array(runSchema).nullish(), next_page_token: text });

const pageSchema = z.looseObject({ eval_results: z.array(resultSchema).nullish(), next_page_token: text });

/** A benchmark run of Genie did not end within the time allowed; there is no call to stop it. */
export class EvalRunTimeoutError extends OptimizerError {
  constructor(run: EvalRun, timeoutMs: number) {
    super(
      `Evaluation run ${run.evalRunId} had answered ${run.done} of ${run.questions} questions after ${timeoutMs} ms. Pass a larger timeoutMs.`,
      {
        code: 'EVAL_RUN_TIMEOUT',
        details: { ...run, timeoutMs },
      },
    );
  }
}

const TERMINAL: ReadonlySet<string> = new Set([
  'DONE',
  'EVALUATION_FAILED',
  'EVALUATION_CANCELLED',
  'EVALUATION_TIMEOUT',
]);

export const EVAL_RUN_DEFAULTS = { timeoutMs: 3_600_000, pageSize: 100 } as const;

/** Genie's own evaluation of the benchmarks stored in a space (beta). @see spec/databricks-apis.md §2.4 */
export class EvalRunsClient implements EvalRunsPort {
  readonly #http: HttpClient;
  readonly #clock: Clock;
  readonly #pollInterval: PollInterval;

  constructor(options: {
    readonly http: HttpClient;
    readonly clock?: Clock;
    readonly pollInterval?: PollInterval;
  }) {
    this.#http = options.http;
    this.#clock = options.clock ?? systemClock();
    this.#pollInterval = options.pollInterval ?? defaultPollInterval;
  }

  /** Starts a run over all benchmark questions of the space, or over those named. */
  async create(
    spaceId: string,
    questionIds?: readonly string[],
    options: CallOptions = {},
  ): Promise<EvalRun> {
    const target = path`/api/2.0/genie/spaces/${spaceId}/eval-runs`;
    return toRun(
      await this.#http.request({
        ...options,
        method: 'POST',
        path: target,
        json: { benchmark_question_ids: questionIds },
        schema: runSchema,
      }),
    );
  }

  async get(spaceId: string, evalRunId: string, options: CallOptions = {}): Promise<EvalRun> {
    const target = path`/api/2.0/genie/spaces/${spaceId}/eval-runs/${evalRunId}`;
    return toRun(await this.#http.request({ ...options, method: 'GET', path: target, schema: runSchema }));
  }

  /** Runs of the space, in the order of the service. */
  async list(spaceId: string, options: CallOptions = {}): Promise<readonly EvalRun[]> {
    const found: EvalRun[] = [];
    for await (const page of pages(this.#http, {
      ...options,
      path: path`/api/2.0/genie/spaces/${spaceId}/eval-runs`,
      query: { page_size: EVAL_RUN_DEFAULTS.pageSize },
      schema: runPageSchema,
    })) {
      found.push(...(page.eval_runs ?? []).map(toRun));
    }
    return found;
  }

  /** Waits for the end of a run, whatever it is. @throws {EvalRunTimeoutError} */
  async wait(
    spaceId: string,
    evalRunId: string,
    options: CallOptions & { readonly timeoutMs?: number } = {},
  ): Promise<EvalRun> {
    const timeoutMs = options.timeoutMs ?? EVAL_RUN_DEFAULTS.timeoutMs;
    const startedAt = this.#clock.now().getTime();
    for (;;) {
      const run = await this.get(spaceId, evalRunId, { signal: options.signal });
      if (TERMINAL.has(run.status)) return run;
      const elapsed = this.#clock.now().getTime() - startedAt;
      if (elapsed >= timeoutMs) throw new EvalRunTimeoutError(run, timeoutMs);
      await pause(
        this.#clock,
        Math.min(this.#pollInterval(elapsed), timeoutMs - elapsed),
        options,
        'Waiting for the evaluation run',
      );
    }
  }

  /** Verdicts of a run, one by one: the listing does not hold them. */
  async results(
    spaceId: string,
    evalRunId: string,
    options: CallOptions = {},
  ): Promise<readonly EvalResult[]> {
    const target = path`/api/2.0/genie/spaces/${spaceId}/eval-runs/${evalRunId}/results`;
    const found: EvalResult[] = [];
    for await (const page of pages(this.#http, {
      ...options,
      path: target,
      query: { page_size: EVAL_RUN_DEFAULTS.pageSize },
      schema: pageSchema,
    })) {
      for (const { result_id: resultId } of page.eval_results ?? []) {
        const one = path`/api/2.0/genie/spaces/${spaceId}/eval-runs/${evalRunId}/results/${resultId}`;
        found.push(
          toResult(await this.#http.request({ ...options, method: 'GET', path: one, schema: detailSchema })),
        );
      }
    }
    return found;
  }
}

const toRun = (run: z.infer<typeof runSchema>): EvalRun => ({
  evalRunId: run.eval_run_id,
  status: run.eval_run_status ?? 'EVALUATION_STATUS_TYPE_UNSPECIFIED',
  questions: run.num_questions ?? 0,
  done: run.num_done ?? 0,
  correct: run.num_correct ?? 0,
  needsReview: run.num_needs_review ?? 0,
});

function toResult(detail: z.infer<typeof detailSchema>): EvalResult {
  const sqlOf = (responses: typeof detail.actual_response): string | null =>
    responses?.find((item) => item.response_type === 'SQL')?.response ?? null;
  return {
    resultId: detail.result_id,
    questionId: detail.benchmark_question_id ?? '',
    assessment: detail.assessment ?? null,
    reasons: detail.assessment_reasons ?? [],
    actualSql: sqlOf(detail.actual_response),
    expectedSql: sqlOf(detail.expected_response),
  };
}
