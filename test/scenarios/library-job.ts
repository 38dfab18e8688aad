import { fileURLToPath } from 'node:url';
import {
  parseBenchmarks,
  questionsInScope,
  type BenchmarkSuite,
  type EvalScope,
} from '../../src/benchmarks/index.ts';
import { connect, type ConnectedWorkspace } from '../../src/clients/index.ts';
import { evaluationArtifacts, nativeEvaluator } from '../../src/evaluation/index.ts';
import {
  scriptedGenie,
  startLocalWorkspace,
  type LocalJobContext,
  type LocalWorkspace,
} from '../../src/local/index.ts';
import { parseSpace, referencedObjects } from '../../src/spaces/index.ts';
import { columnSynonyms } from './space-words.ts';

/** Name of the job that evaluates. */
export const JOB = 'dev-genie-evaluation';

const TOPICS = [
  'alpha',
  'bravo',
  'charlie',
  'delta',
  'echo',
  'foxtrot',
  'golf',
  'hotel',
  'india',
  'juliet',
  'kilo',
  'lima',
];

/** Twelve questions, each with an answer of its own; two are held out, the first has priority P0. */
const QUESTIONS = TOPICS.map((topic, n) => ({
  id: `lib_${String(n).padStart(2, '0')}`,
  question: `What is the ${topic} figure of the branches?`,
  expected_sql: `SELECT COUNT(*) + ${n} AS ${topic}_figure FROM town.library.branches`,
  split: n >= 10 ? 'held_out' : n >= 7 ? 'val' : 'train',
  priority: n === 0 ? 'P0' : 'P1',
}));

/** The same as a file of golden queries. */
export const GOLDEN_QUERIES = [
  'library:',
  ...QUESTIONS.flatMap(({ id, question, expected_sql: sql, split, priority }) => [
    `  - id: ${id}`,
    `    question: ${question}`,
    `    expected_sql: ${sql}`,
    `    expected_asset: TABLE`,
    `    split: ${split}`,
    `    priority: ${priority}`,
    `    required_tables: [branches]`,
  ]),
  '',
].join('\n');

/** The embedded workspace, where question `n` is answered rightly from the start (`n` < 3) or once a column has the synonym `w<n>`. */
export interface LibraryJob {
  readonly local: LocalWorkspace;
  readonly workspace: ConnectedWorkspace;
  readonly suite: BenchmarkSuite;
  /** Parameters of every run of the job, in order. */
  readonly jobRuns: readonly Readonly<Record<string, string>>[];
}

/** Starts it, with a job that evaluates as one in a workspace would; close `local` at the end. */
export async function libraryJob(): Promise<LibraryJob> {
  const { suite } = parseBenchmarks(GOLDEN_QUERIES, { domain: 'library' });
  const jobRuns: Readonly<Record<string, string>>[] = [];
  const local = await startLocalWorkspace({
    sample: fileURLToPath(new URL('../fixtures/local-sample', import.meta.url)),
    jobs: [
      {
        name: JOB,
        run: (context) => {
          jobRuns.push(context.parameters);
          return evaluate(workspace, suite, context);
        },
      },
    ],
    genie: scriptedGenie({
      answers: QUESTIONS,
      pass: Object.fromEntries(
        QUESTIONS.map(({ id }, n) => [
          id,
          (space) => (n < 3 || columnSynonyms(space).includes(`w${n}`) ? 1 : 0),
        ]),
      ),
    }),
  });
  const { host, token, warehouseId } = local;
  const workspace: ConnectedWorkspace = await connect({
    host,
    token,
    warehouseId,
    startsPerMinute: null,
    sources: { env: {} },
  });
  return { local, workspace, suite, jobRuns };
}

/** What a job in the workspace does: chooses by scope, evaluates, leaves its rows in MLflow, exits with a summary. */
async function evaluate(
  workspace: ConnectedWorkspace,
  suite: LibraryJob['suite'],
  { parameters, signal }: LocalJobContext,
): Promise<string> {
  const { space_id: spaceId = '', iteration, eval_scope: scope = 'full' } = parameters;
  const { serializedSpace } = await workspace.genie.getSpace(spaceId, { signal });
  const space = parseSpace(serializedSpace);
  const result = await nativeEvaluator({ workspace }).evaluate({
    spaceId,
    questions: questionsInScope(suite, scope === 'slice' ? 'full' : (scope as EvalScope)),
    scope: scope as EvalScope,
    iteration: Number(iteration),
    space,
    catalog: await workspace.catalog.snapshot(referencedObjects(space), { signal }),
    signal,
  });
  const { mlflow } = workspace.tracking;
  const run = await mlflow.runs.start({
    experimentId: await mlflow.experiments.ensure('/Shared/evaluation'),
  });
  for (const { path, text } of evaluationArtifacts(result)) await mlflow.artifacts.write(run, path, text);
  await mlflow.runs.end(run.runId);
  return JSON.stringify({ run_id: run.runId, overall_accuracy: (result.overall_accuracy ?? 0) / 100 });
}
