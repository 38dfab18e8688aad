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
  numberOption,
  stringOption,
  UsageError,
  type CliIo,
  type CliOption,
  type CliValues,
} from '../command.ts';

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
  'max-iterations': { type: 'string', value: 'number', help: 'Patch sets that may be tried', default: '5' },
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
  'optimization-tier': choice(['introspect'], {
    help: 'Way of finding changes',
    default: 'introspect',
  }),
  'no-repeatability': { type: 'boolean', help: 'Do not ask everything again at the end' },
  'allow-high-risk': { type: 'boolean', help: 'Apply patches of high risk without asking' },
  'dry-run': { type: 'boolean', help: 'Measure, show what each lever would try first, change nothing' },
  'max-minutes': { type: 'string', value: 'number', help: 'Ask before a longer run', default: '150' },
  yes: { type: 'boolean', short: 'y', help: 'Start a longer run without asking' },
} as const satisfies Record<string, CliOption>;

/** Options of earlier tools, and what to do instead. */
export const RETIRED_OPTIONS: Readonly<Record<string, string>> = {
  discover: "is a command now: 'genie-optimizer discover'.",
  'align-judges':
    'is not supported: judges are not tuned by a run. Read `judge_quality` of the report instead.',
  'auto-apply':
    'is not needed: changes are tried on copies and kept when proven. See them first with --dry-run.',
  introspect: 'is always on. Leave it out.',
  'lever-aware': 'is always on. Leave it out.',
  'no-lever-aware': "only measured: use 'genie-optimizer evaluate'.",
  'worker-dir': 'is not needed: to replace a phase, call optimize() with `phases`.',
};

/** Reads {@link JUDGING_OPTIONS}. @throws {UsageError} */
export function judgingArguments(
  values: CliValues,
  workspace: ConnectedWorkspace,
  variables: Readonly<Record<string, string>>,
): Pick<OptimizeOptions, 'judges' | 'chatModel' | 'evaluator' | 'secondOpinion' | 'staleKeys'> {
  const endpoint = stringOption(values, 'model');
  const judges = oneOf(values, 'judges', ['structural', 'llm', 'both']);
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
  const tier = stringOption(values, 'optimization-tier') ?? 'introspect';
  if (tier !== 'introspect')
    throw new UsageError(
      tier === 'simba'
        ? "Option --optimization-tier simba tunes judges, which is not supported. Use 'introspect'."
        : `Option --optimization-tier must be introspect, got '${tier}'.`,
    );
  const { confirm } = io;
  return {
    maxIterations: numberOption(values, 'max-iterations', [0, 1000]),
    acceptance: oneOf(values, 'acceptance', ['paired', 'sequential', 'threshold']),
    isolation: oneOf(values, 'isolation', ['clone', 'live']),
    alpha: decimalOption(values, 'alpha', [0, 0.5]),
    acceptanceK: numberOption(values, 'acceptance-k', [1, 100]),
    strategy: oneOf<'fixedOrder' | 'adaptive'>(values, 'strategy', ['fixedOrder', 'adaptive']),
    corrections: oneOf(values, 'corrections', ['propose', 'auto', 'off']),
    finalRepeatability: values['no-repeatability'] === true ? false : undefined,
    forceApply: values['allow-high-risk'] === true ? true : undefined,
    dryRun: values['dry-run'] === true ? true : undefined,
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

function oneOf<T extends string>(values: CliValues, name: string, choices: readonly T[]): T | undefined {
  const value = stringOption(values, name);
  if (value === undefined) return undefined;
  const known = choices.find((choice) => choice === value);
  if (known === undefined)
    throw new UsageError(`Option --${name} must be ${choices.join(', ')}, got '${value}'.`);
  return known;
}
