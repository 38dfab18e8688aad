import {
  questionDefaults,
  type Benchmark,
  type BenchmarkSuite,
  type Split,
} from '../../src/benchmarks/index.ts';
import { proposalOf } from './proposal-of.ts';
import type { Proposal } from '../../src/levers/index.ts';
import type { Clock } from '../../src/ports/index.ts';
import {
  optimize,
  type OptimizeOptions,
  type OptimizeResult,
  type PhaseHandlers,
} from '../../src/pipeline/index.ts';
import { columnSynonyms } from './space-words.ts';
import {
  fakeClock,
  memoryFileStore,
  memoryWorkspace,
  type MemoryFileStore,
  type MemoryWorkspace,
} from '../../src/testing/index.ts';

export const SPACE_ID = '0'.repeat(31) + '1';
const TABLE = 'main.library.loans';

/** A space whose column `c<i>` answers question `q<i>`: right exactly when the column has the synonym `w<i>`. */
const START_SPACE = JSON.stringify({ version: 2, data_sources: { tables: [{ identifier: TABLE }] } });

export interface ScriptedQuestion {
  readonly id: number;
  readonly split?: Split;
  readonly priority?: 'P0' | 'P1' | 'P2';
  /** Right from the start. */
  readonly easy?: boolean;
  /** Synonyms that make it wrong, whatever else the space says. */
  readonly brokenBy?: readonly string[];
}

/** Ten questions: eight to learn from or decide with, two held out. */
export const TEN_QUESTIONS: readonly ScriptedQuestion[] = Array.from({ length: 10 }, (_, id) => ({
  id,
  split: id >= 8 ? ('held_out' as const) : id >= 6 ? ('val' as const) : ('train' as const),
  priority: id === 0 ? ('P0' as const) : ('P1' as const),
  easy: id < 2,
}));

const benchmark = (question: ScriptedQuestion): Benchmark & { split: Split } => ({
  ...questionDefaults(),
  id: `q${question.id}`,
  question: `What about thing${question.id} number ${question.id}?`,
  expected_sql: `SELECT thing${question.id} FROM ${TABLE}`,
  category: 'detail',
  priority: question.priority ?? 'P1',
  split: question.split ?? 'train',
  required_tables: ['loans'],
  required_columns: [`c${question.id}`],
});

/** Adds the synonym `word` to column `c<column>`; says it should fix question `column`. */
export const synonym = (lever: 1 | 2 | 3 | 4 | 5 | 6, column: number, word = `w${column}`): Proposal =>
  proposalOf(lever, { type: 'add_synonym', table: TABLE, column: `c${column}`, synonym: word }, [
    `q${column}`,
  ]);

/** One change that helps, one that does not, one that helps: of levers 1, 2 and 3, in every sweep. */
export const goodBadGood = (lever: number): readonly Proposal[] =>
  lever === 1
    ? [synonym(1, 2)]
    : lever === 2
      ? [synonym(2, 3, 'useless')]
      : lever === 3
        ? [synonym(3, 4)]
        : [];

export interface ScriptedRun {
  readonly workspace: MemoryWorkspace;
  readonly files: MemoryFileStore;
  readonly suite: BenchmarkSuite;
  readonly run: (changes?: Partial<OptimizeOptions>) => Promise<OptimizeResult>;
}

/** A run in which the test decides what is proposed and what a proposal does to the answers. */
export function scriptedRun(
  questions: readonly ScriptedQuestion[],
  proposals: (lever: number, sweep: number) => readonly Proposal[],
  parts: {
    readonly workspace?: MemoryWorkspace;
    readonly catalog?: Parameters<typeof memoryWorkspace>[0]['catalog'];
    readonly files?: MemoryFileStore;
    readonly clock?: Clock;
    readonly wrap?: (workspace: MemoryWorkspace) => MemoryWorkspace;
  } = {},
): ScriptedRun {
  const byText = new Map(questions.map((question) => [benchmark(question).question, question]));
  const workspace =
    parts.workspace ??
    memoryWorkspace({
      spaces: { [SPACE_ID]: START_SPACE },
      ...(parts.catalog ? { catalog: parts.catalog } : {}),
      answer: (text, space) => {
        const question = byText.get(text);
        if (!question) return null;
        const words = columnSynonyms(space);
        const knows = question.easy === true || words.includes(`w${question.id}`);
        const isBroken = (question.brokenBy ?? []).some((word) => words.includes(word));
        return knows && !isBroken
          ? `SELECT thing${question.id} FROM ${TABLE}`
          : `SELECT wrong${question.id} FROM ${TABLE}`;
      },
      rows: (statement) => ({
        columns: [{ name: 'n', typeName: 'STRING', typeText: 'STRING' }],
        rows: [[/(thing|wrong)\d+/.exec(statement)?.[0] ?? '']],
      }),
    });
  const files = parts.files ?? memoryFileStore();
  const suite: BenchmarkSuite = { domain: 'library', questions: questions.map(benchmark) };
  const phases: PhaseHandlers = {
    propose: (ctx, input) => ({ proposals: proposals(input.lever, ctx.session().sweep) }),
  };
  return {
    workspace,
    files,
    suite,
    run: (changes = {}) =>
      optimize(
        {
          workspace: parts.wrap?.(workspace) ?? workspace,
          spaceId: SPACE_ID,
          benchmarks: suite,
          outputDir: 'out',
          // One phase less that asks; its own tests switch it on.
          finalRepeatability: false,
          newSessionId: () => 'run_1',
          phases,
          ...changes,
        },
        { clock: parts.clock ?? fakeClock(), files },
      ),
  };
}
