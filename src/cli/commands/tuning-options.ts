import { ALPHA_SPENDING, type OptimizeOptions } from '../../pipeline/index.ts';
import {
  choice,
  flagOption,
  stringOption,
  UsageError,
  wordOption,
  type CliOption,
  type CliValues,
} from '../command.ts';
import { pairsOption } from './pairs-option.ts';

const number = (help: string): CliOption & { readonly type: 'string' } => ({
  type: 'string',
  value: 'number',
  help,
});
const flag = (help: string): CliOption & { readonly type: 'boolean' } => ({ type: 'boolean', help });

/** Options that most runs leave alone; what each decides stands in docs/guides/options.md under its name in code. */
export const TUNING_OPTIONS = {
  targets: {
    type: 'string',
    value: 'judge=percent,…',
    help: 'Pass rates to reach, for judges that need others; 0 leaves a judge out',
  },
  'require-repeatability': flag('Converged only if at least 90 % of the answers stay when asked again'),
  'stall-policy': choice(['finish-sweep', 'stop'], {
    help: 'After two changes in a row that did not help: try the other levers, or end',
    default: 'finish-sweep',
  }),
  'p0-mode': choice(['never-regress', 'zero-failures'], {
    help: 'When a P0 question may fail: if it failed before, or never',
    default: 'never-regress',
  }),
  'disabled-levers': { type: 'string', value: '1,2,…', help: 'Levers never used' },
  'max-objects': number('Objects that one patch set may touch'),
  'max-patches': number('Patches that one patch set may hold'),
  'propagation-ms': number('Wait after a change before asking, milliseconds'),
  'slice-tolerance-pp': number('How much worse the questions that touch a change may be at first sight'),
  'regression-threshold-pp': number('How far the pass rate of one judge may fall, percentage points'),
  'held-out-max-gap-pp': number('Gap between seen and held-out accuracy above which the report warns'),
  'alpha-spending': choice(ALPHA_SPENDING, {
    help: 'How --alpha is shared among the changes of a run',
    default: 'none',
  }),
  'alpha-regression': number('Level at which a single question counts as broken, 0 to 0.5'),
  'max-rounds': number('Most rounds of --acceptance sequential'),
  'answer-key-check': choice(['stop', 'warn'], {
    help: 'When the answer keys do not seem to belong to their questions',
    default: 'stop',
  }),
  'no-key-validation': flag('Do not run every answer key before the first question'),
  'allow-train-examples': flag('Lets train questions become example SQL'),
  'asset-roles': {
    type: 'string',
    value: 'table=role,…',
    help: 'Tables that are monitoring, ml or plain, where tag and name say otherwise',
  },
  concurrency: number('Questions asked at once'),
} as const satisfies Record<string, CliOption>;

/** Reads {@link TUNING_OPTIONS}; bounds are checked by the run, before anything is asked. @throws {UsageError} */
export function tuningArguments(values: CliValues): Partial<OptimizeOptions> {
  return {
    targets: numbersOption(values, 'targets'),
    requireRepeatability: flagOption(values, 'require-repeatability'),
    stallPolicy: wordOption(values, 'stall-policy', TUNING_OPTIONS['stall-policy'].choices),
    p0Mode: wordOption(values, 'p0-mode', TUNING_OPTIONS['p0-mode'].choices),
    disabledLevers: leversOption(values, 'disabled-levers'),
    maxObjects: figure(values, 'max-objects'),
    maxPatches: figure(values, 'max-patches'),
    propagationMs: figure(values, 'propagation-ms'),
    sliceTolerancePp: figure(values, 'slice-tolerance-pp'),
    regressionThresholdPp: figure(values, 'regression-threshold-pp'),
    heldOutMaxGapPp: figure(values, 'held-out-max-gap-pp'),
    alphaSpending: wordOption(values, 'alpha-spending', ALPHA_SPENDING),
    alphaRegression: figure(values, 'alpha-regression'),
    maxRounds: figure(values, 'max-rounds'),
    answerKeyCheck: wordOption(values, 'answer-key-check', TUNING_OPTIONS['answer-key-check'].choices),
    validateKeys: flagOption(values, 'no-key-validation') === true ? false : undefined,
    allowTrainExamples: flagOption(values, 'allow-train-examples'),
    assetRoles: rolesOption(values, 'asset-roles'),
    concurrency: figure(values, 'concurrency'),
  };
}

function figure(values: CliValues, name: string): number | undefined {
  const text = stringOption(values, name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value))
    throw new UsageError(`Option --${name} must be a number, got '${text}'.`);
  return value;
}

function numbersOption(values: CliValues, name: string): Record<string, number> | undefined {
  const pairs = pairsOption(values, name);
  if (pairs === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(pairs).map(([key, text]) => [key, figure({ [name]: text }, name) ?? Number.NaN]),
  );
}

const ROLES = ['monitoring', 'ml', 'plain'] as const;

function rolesOption(values: CliValues, name: string): Record<string, (typeof ROLES)[number]> | undefined {
  const pairs = pairsOption(values, name);
  if (pairs === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(pairs).map(([table, role]) => [
      table,
      wordOption({ [name]: role }, name, ROLES) ?? 'plain',
    ]),
  );
}

function leversOption(values: CliValues, name: string): number[] | undefined {
  return stringOption(values, name)
    ?.split(',')
    .map((text) => {
      const lever = Number(text.trim());
      if (!Number.isInteger(lever) || lever < 1 || lever > 6)
        throw new UsageError(`Option --${name} takes levers from 1 to 6, such as 2,3, got '${text.trim()}'.`);
      return lever;
    });
}
