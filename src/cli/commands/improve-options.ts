import {
  EvalRunsClient,
  JobsClient,
  servingChatModel,
  type ConnectedWorkspace,
} from '../../clients/index.ts';
import { evalRunEvaluator, jobEvaluator } from '../../evaluation/index.ts';
import { counted } from '../../core/index.ts';
import type { OptimizeOptions } from '../../pipeline/index.ts';
import {
  choice,
  decimalOption,
  flagOption,
  numberOption,
  stringOption,
  UsageError,
  wordOption,
  type CliIo,
  type CliOption,
  type CliValues,
} from '../command.ts';
import { tuningArguments } from './tuning-options.ts';

/** Options of how answers are judged. */
export const JUDGING_OPTIONS = {
  judges: choice(['structural', 'llm', 'both'], { help: 'Who judges answers', default: 'structural' }),
  model: {
    type: 'string',
    value: 'endpoint',
    help: 'Serving endpoint of a chat model: for --judges llm and both, and to word changes',
  },
  'job-mode': { type: 'boolean', help: 'Evaluate by a Databricks job instead of in this process' },
  'evaluation-job': {
    type: 'string',
    value: 'name',
    help: 'Name of that job',
    default: 'genie_evaluation_job',
  },
  target: { type: 'string', value: 'name', help: 'Bundle target of that job', default: 'dev' },
  'second-opinion': {
    type: 'boolean',
    help: "Let Genie's own evaluation (beta) look too, at the questions stored in the space; decides nothing",
  },
  'keep-stale': { type: 'boolean', help: 'Ask questions whose answer key has gone stale too' },
} as const satisfies Record<string, CliOption>;

/** Options of how a space is improved. */
export const IMPROVE_OPTIONS = {
  'max-iterations': {
    type: 'string',
    value: 'number',
    help: 'Patch sets of levers 1 to 5 that may be tried',
    default: '5',
  },
  acceptance: choice(['paired', 'sequential', 'threshold'], {
    help: 'How a change is proven',
    default: 'paired',
  }),
  isolation: choice(['clone', 'live'], {
    help: 'Try changes on copies, or in the space itself',
    default: 'clone',
  }),
  alpha: { type: 'string', value: 'share', help: 'Chance of keeping a change that does not help, 0 to 0.5' },
  'acceptance-k': { type: 'string', value: 'number', help: 'Fresh asks per arm and question', default: '6' },
  strategy: choice(['fixedOrder', 'adaptive'], {
    help: 'Which lever comes next',
    default: 'fixedOrder',
  }),
  corrections: choice(['propose', 'auto', 'off'], {
    help: 'What becomes of answer keys that look wrong',
    default: 'propose',
  }),
  'optimization-tier': choice(['introspect', 'gepa'], {
    help: 'introspect: levers 1 to 5 only; gepa: then lever 6, the instructions, too',
    default: 'gepa',
  }),
  'no-repeatability': { type: 'boolean', help: 'Do not ask everything again at the end' },
  'allow-high-risk': { type: 'boolean', help: 'Apply patches of high risk without asking' },
  'dry-run': { type: 'boolean', help: 'Measure, show what each lever would try first, change nothing' },
  'max-minutes': { type: 'string', value: 'number', help: 'Ask before a longer run', default: '150' },
  'auto-apply': {
    type: 'boolean',
    help: 'With --isolation live on a terminal: do not ask before each change of the space',
  },
  'lever-aware': { type: 'boolean', help: 'Try changes lever by lever, as every run does' },
  'no-lever-aware': { type: 'boolean', help: 'Measure and change nothing, as evaluate does' },
  yes: { type: 'boolean', short: 'y', help: 'Do not ask: start a longer run, apply each change' },
} as const satisfies Record<string, CliOption>;

/** Options of earlier tools, and what to do instead. */
export const RETIRED_OPTIONS: Readonly<Record<string, string>> = {
  discover: "is a command: 'genie-optimizer discover'.",
  'align-judges':
    'is not supported: judges are not tuned by a run. Read `judge_quality` of the report instead.',
  introspect: 'is always on. Leave it out.',
  'worker-dir': 'is not needed: to replace a phase, call optimize() with `phases`.',
};

/** Reads {@link JUDGING_OPTIONS}. @throws {UsageError} */
export function judgingArguments(
  values: CliValues,
  workspace: ConnectedWorkspace,
  variables: Readonly<Record<string, string>>,
): Pick<OptimizeOptions, 'judges' | 'chatModel' | 'evaluator' | 'secondOpinion' | 'staleKeys'> {
  const endpoint = stringOption(values, 'model');
  const judges = wordOption(values, 'judges', JUDGING_OPTIONS.judges.choices);
  if (judges !== undefined && judges !== 'structural' && endpoint === undefined)
    throw new UsageError(
      `Option --judges ${judges} needs --model with the serving endpoint of a chat model.`,
    );
  const { http } = workspace;
  return {
    judges,
    chatModel: endpoint === undefined ? undefined : servingChatModel({ http, endpoint }),
    staleKeys: values['keep-stale'] === true ? 'keep' : undefined,
    secondOpinion:
      values['second-opinion'] === true
        ? evalRunEvaluator({ evalRuns: new EvalRunsClient({ http }), variables })
        : undefined,
    evaluator:
      values['job-mode'] === true
        ? jobEvaluator({
            jobs: new JobsClient({ http }),
            mlflow: workspace.tracking.mlflow,
            jobName: stringOption(values, 'evaluation-job') ?? JUDGING_OPTIONS['evaluation-job'].default,
            parameters: { bundle_target: stringOption(values, 'target') ?? JUDGING_OPTIONS.target.default },
            variables,
          })
        : undefined,
  };
}

/** Reads {@link IMPROVE_OPTIONS}; what a person is asked is asked through `io`. @throws {UsageError} */
export function improveArguments(values: CliValues, io: CliIo): Partial<OptimizeOptions> {
  const tier = stringOption(values, 'optimization-tier');
  if (tier === 'simba')
    throw new UsageError(
      "Option --optimization-tier simba tunes judges, which is not supported. Use 'introspect' or 'gepa'.",
    );
  const sweep = wordOption(values, 'optimization-tier', IMPROVE_OPTIONS['optimization-tier'].choices);
  const tuning = tuningArguments(values);
  const { confirm } = io;
  return {
    ...tuning,
    ...(sweep === 'introspect' && { disabledLevers: [...(tuning.disabledLevers ?? []), 6] }),
    maxIterations: numberOption(values, 'max-iterations', [0, 1000]),
    acceptance: wordOption(values, 'acceptance', IMPROVE_OPTIONS.acceptance.choices),
    isolation: wordOption(values, 'isolation', IMPROVE_OPTIONS.isolation.choices),
    alpha: decimalOption(values, 'alpha', [0, 0.5]),
    acceptanceK: numberOption(values, 'acceptance-k', [1, 100]),
    strategy: wordOption(values, 'strategy', IMPROVE_OPTIONS.strategy.choices),
    corrections: wordOption(values, 'corrections', IMPROVE_OPTIONS.corrections.choices),
    finalRepeatability: values['no-repeatability'] === true ? false : undefined,
    forceApply: flagOption(values, 'allow-high-risk'),
    dryRun: flagOption(values, 'dry-run'),
    ...(confirm && {
      approveRisk: (proposal) => confirm(`A change of high risk: ${proposal.rationale} Try it?`),
      confirmCorrection: (candidate) =>
        confirm(`The answer key of ${candidate.question_id} looks wrong: ${candidate.rationale} Correct it?`),
      generateQuestions: (request) =>
        confirm(`${request.feedback}\nGenerate questions, up to ${request.target}?`),
    }),
  };
}

/** Reads `--max-minutes` and `--yes`; a run that only measures is not asked about. @throws {UsageError} */
export function budgetArguments(
  values: CliValues,
  io: CliIo,
  onlyMeasures: boolean,
): Pick<OptimizeOptions, 'maxMinutes' | 'confirmBudget'> {
  const maxMinutes =
    numberOption(values, 'max-minutes', [1, 100_000]) ?? Number(IMPROVE_OPTIONS['max-minutes'].default);
  // Asked and answered, so that the cost is told all the same.
  if (onlyMeasures || values['yes'] === true) return { confirmBudget: () => true };
  return {
    maxMinutes,
    confirmBudget: ({ minutes }) => {
      if (!io.confirm)
        throw new UsageError(
          `The run may take ${counted(Math.ceil(minutes ?? 0), 'minute')}, more than --max-minutes ${maxMinutes}, and there is nobody to ask. Pass --yes, a higher --max-minutes, or fewer --max-iterations.`,
        );
      return io.confirm(`This is more than ${counted(maxMinutes, 'minute')}. Start?`);
    },
  };
}
