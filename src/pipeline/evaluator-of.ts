import { GroundTruthCache, nativeEvaluator, type Evaluator } from '../evaluation/index.ts';
import { loadJudgePrompts, selectJudges, type Judge, type JudgeSelection } from '../judges/index.ts';
import type { EventListener } from './events.ts';
import type { ResolvedOptions } from './options.ts';
import { trackingServiceOf } from './tracker-of.ts';

/** Who evaluates a run, and what else judges or runs answer keys beside it. */
export interface Evaluating {
  readonly evaluator: Evaluator;
  /** For scoring stored answers again. */
  readonly judges: readonly Judge[];
  /** Where two implementations of a judge disagreed; empty unless `judges` is `both`. */
  readonly disagreementReport: JudgeSelection['disagreementReport'];
  /** Results of answer keys, shared by their validation and all evaluations. */
  readonly groundTruth: GroundTruthCache;
}

/**
 * The evaluator of the options, or the one in this process with the judges they name.
 *
 * Prompts of judges that are asked of a model come from the registry of the workspace where `ucSchema` is given;
 * one that cannot be loaded is replaced by the built-in text, with a warning.
 */
export async function evaluatorOf(options: ResolvedOptions, emit: EventListener): Promise<Evaluating> {
  const groundTruth = new GroundTruthCache();
  const { judges, disagreementReport } = await judgesOf(options, emit);
  const { workspace, clock, variables, concurrency } = options;
  return {
    evaluator:
      options.evaluator ?? nativeEvaluator({ workspace, clock, variables, concurrency, judges, groundTruth }),
    judges,
    disagreementReport,
    groundTruth,
  };
}

async function judgesOf(options: ResolvedOptions, emit: EventListener): Promise<JudgeSelection> {
  const { judges: wanted = 'structural', chatModel, clock, ucSchema, signal } = options;
  if (typeof wanted !== 'string') {
    return { judges: wanted, disagreementReport: () => ({ agreement: [], disagreements: [] }) };
  }
  if (wanted === 'structural') return selectJudges();
  const registry = trackingServiceOf(options)?.mlflow.prompts;
  const loaded =
    registry === undefined ? null : await loadJudgePrompts({ registry, schema: ucSchema ?? '', signal });
  for (const { key, message } of loaded?.problems ?? []) {
    emit({
      type: 'warning',
      code: 'JUDGE_PROMPT',
      message: `Judge '${key}' uses its built-in prompt: ${message}`,
    });
  }
  return selectJudges({
    judges: wanted,
    clock,
    prompts: loaded?.prompts,
    ...(chatModel === undefined ? {} : { chatModel }),
  });
}
