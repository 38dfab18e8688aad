import { loadBenchmarks, type BenchmarkSuite } from '../../benchmarks/index.ts';
import { counted, type Problem } from '../../core/index.ts';
import { requiredOptions, stringOption, UsageError, type CliOption, type CliValues } from '../command.ts';
import { pairsOption } from './pairs-option.ts';

/** Options of the commands that ask benchmark questions. */
export const RUN_OPTIONS = {
  'space-id': { type: 'string', value: 'id', help: 'The space (32 hex characters of its URL)' },
  benchmarks: { type: 'string', value: 'file', help: 'Golden queries in YAML' },
  domain: { type: 'string', value: 'name', help: 'Key of the questions in that file' },
  variables: {
    type: 'string',
    value: 'a=b,c=d',
    help: 'Values for ${catalog}, ${gold_schema} and others in the answer keys',
  },
  'session-file': {
    type: 'string',
    value: 'file',
    help: 'Record of the run',
    default: 'optimization-progress.json',
  },
  'output-dir': {
    type: 'string',
    value: 'folder',
    help: 'Where reports go',
    default: 'docs/genie_space_optimizer',
  },
  json: { type: 'boolean', help: 'Print the result as JSON' },
} as const satisfies Record<string, CliOption>;

export interface RunArguments {
  readonly spaceId: string;
  readonly benchmarks: BenchmarkSuite;
  readonly variables: Readonly<Record<string, string>>;
  readonly sessionFile: string | undefined;
  readonly outputDir: string | undefined;
}

/** Reads the options above. @throws {UsageError} and the errors of `loadBenchmarks` */
export async function runArguments(values: CliValues): Promise<RunArguments> {
  const {
    'space-id': spaceId,
    benchmarks: file,
    domain,
  } = requiredOptions(values, {
    'space-id': "the id in the space's URL; 'genie-optimizer discover' lists them.",
    benchmarks: 'a golden-queries YAML file with the questions to ask.',
    domain: 'the key under which the questions stand in that file.',
  });
  const variables = pairsOption(values, 'variables') ?? {};
  const benchmarks = await loadBenchmarks(file, { domain, variables });
  refuseUnknownVariables(benchmarks.problems);
  return {
    spaceId,
    benchmarks,
    variables,
    sessionFile: stringOption(values, 'session-file'),
    outputDir: stringOption(values, 'output-dir'),
  };
}

/** @throws {UsageError} naming every variable of the answer keys that has no value */
function refuseUnknownVariables(problems: readonly Problem[]): void {
  const found = problems.flatMap(({ code, path, details }) => {
    const name = details?.['variable'];
    return code === 'UNRESOLVED_TEMPLATE' && typeof name === 'string' ? [{ name, question: path }] : [];
  });
  const missing = [...new Set(found.map(({ name }) => name))].sort();
  if (missing.length === 0) return;
  throw new UsageError(
    `The answer keys of ${counted(new Set(found.map(({ question }) => question)).size, 'question')} use ${missing.map((name) => `\${${name}}`).join(', ')}: give the values with --variables ${missing.map((name) => `${name}=…`).join(',')}.`,
  );
}
