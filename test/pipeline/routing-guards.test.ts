import { describe, expect, it } from 'vitest';
import { questionDefaults } from '../../src/benchmarks/index.ts';
import type { Proposal } from '../../src/levers/index.ts';
import { parsePatchSet } from '../../src/patch-dsl/index.ts';
import {
  optimize,
  type OptimizeOptions,
  type PhaseHandlers,
  type PhaseOutput,
} from '../../src/pipeline/index.ts';
import { fakeClock, memoryFileStore, memoryWorkspace } from '../../src/testing/index.ts';
import { harborCatalog, harborSpace } from '../levers/harbor.ts';
import { SPACE_ID } from '../scenarios/scripted-run.ts';

/** A question as a script answers it: `answer(n)` is what it gets the n-th time it is asked. */
interface Scripted {
  readonly id: string;
  readonly question: string;
  readonly expected: string;
  readonly asset?: 'TABLE' | 'MV' | 'TVF';
  readonly split?: 'train' | 'val';
  readonly answer: (times: number) => string;
}

const IN_HARBOR = /\b(FROM|JOIN) (?=calls\b|ships\b|call_metrics\b)/g;
const qualified = (sql: string): string => sql.replaceAll(IN_HARBOR, '$1 harbor.ops.');

/** Eight questions that are right from the start, and four that stay wrong, from which nothing is learnt. */
const OTHERS: readonly Scripted[] = Array.from({ length: 12 }, (_, at) => {
  const sql = `SELECT label FROM ships WHERE ship_no = ${at}`;
  return {
    id: `other${at}`,
    question: `Which vessel is number ${at}?`,
    expected: sql,
    split: at < 8 ? ('train' as const) : ('val' as const),
    answer: () => (at < 8 ? sql : 'SELECT flag FROM ships'),
  };
});

/** A whole run over the harbor, with Genie and warehouse scripted. */
function harborRun(scripted: readonly Scripted[]) {
  const all = [...OTHERS, ...scripted];
  const times = new Map<string, number>();
  const workspace = memoryWorkspace({
    spaces: { [SPACE_ID]: JSON.stringify(harborSpace()) },
    catalog: harborCatalog,
    answer: (text) => {
      const found = all.find(({ question }) => question === text);
      const count = times.get(text) ?? 0;
      times.set(text, count + 1);
      return found === undefined ? null : qualified(found.answer(count));
    },
    rows: (statement) => ({
      columns: [{ name: 'n', typeName: 'STRING', typeText: 'STRING' }],
      rows: [[statement.toLowerCase().replaceAll(/\W+/g, ' ')]],
    }),
  });
  const files = memoryFileStore();
  const questions = all.map(({ id, question, expected, asset = 'TABLE', split = 'train' }) => ({
    ...questionDefaults(),
    id,
    question,
    expected_sql: qualified(expected),
    expected_asset: asset,
    category: 'aggregation',
    split,
  }));
  const run = (changes: Partial<OptimizeOptions> = {}) =>
    optimize(
      {
        workspace,
        spaceId: SPACE_ID,
        benchmarks: { domain: 'harbor', questions },
        outputDir: 'out',
        finalRepeatability: false,
        acceptance: 'threshold',
        isolation: 'live',
        answerKeyCheck: 'warn',
        newSessionId: () => 'run_1',
        ...changes,
      },
      { clock: fakeClock(), files },
    );
  return { run, workspace, files };
}

const MV = 'SELECT call_state, MEASURE(gross_dues) FROM call_metrics GROUP BY call_state';
const TABLE = 'SELECT st, SUM(dues) FROM calls GROUP BY st';
const TURNOVER = 'Port turnover by state';

/** A question that the metric view should answer, and that the table answers in turns. */
const wavering = (answer: Scripted['answer']): Scripted => ({
  id: 'turnover',
  question: TURNOVER,
  expected: MV,
  asset: 'MV',
  answer,
});

const routing = (patches: readonly Record<string, unknown>[]): Proposal => ({
  proposal_id: `P${patches.length}`,
  cluster_id: 'C001',
  lever: 2,
  failure_type: 'asset_routing_error',
  rationale: `Tells ${patches.length} sides.`,
  question_ids: ['turnover'],
  questions_at_risk: [],
  confidence: 0.8,
  regression_probability: 0.02,
  net_impact: 1,
  patches: parsePatchSet(patches.map((patch, at) => ({ id: `P${patches.length}.${at}`, ...patch }))),
});

const FOR_THE_VIEW = {
  type: 'add_description',
  target: 'harbor.ops.call_metrics',
  text: 'Call metrics.\nBEST FOR: turnover',
};
const NOT_FOR_THE_TABLE = {
  type: 'add_description',
  target: 'harbor.ops.calls',
  text: 'Calls.\nNOT FOR: turnover (use call_metrics)',
};
/** Something else first, so that the question is asked in two evaluations. */
const UNRELATED = {
  type: 'add_synonym',
  table: 'harbor.ops.ships',
  column: 'flag',
  synonym: 'banner',
};

const offering =
  (lever2: readonly Proposal[]): NonNullable<PhaseHandlers['propose']> =>
  (ctx, { lever }) => ({
    proposals:
      ctx.session().sweep > 1
        ? []
        : lever === 1
          ? [{ ...routing([UNRELATED]), lever: 1, failure_type: 'missing_synonym' }]
          : lever === 2
            ? lever2
            : [],
  });

describe('two assets that answer one question in turns', () => {
  const inTurns = wavering((times) => (times % 2 === 0 ? TABLE : MV));

  it('mistake 21: a proposal for one side alone is not tried: needs_bilateral', async () => {
    const { run, files } = harborRun([inTurns]);
    const skipped: unknown[] = [];
    const { session, reportPath } = await run({
      phases: { propose: offering([routing([FOR_THE_VIEW])]) },
      maxIterations: 2,
      onEvent: (event) => void (event.type === 'lever_skipped' && skipped.push([event.lever, event.reason])),
    });
    expect(skipped).toContainEqual([2, 'needs_bilateral']);
    expect(session.iterations.map(({ lever }) => lever)).toEqual([0, 1]);
    expect(session.needs_bilateral).toMatchObject([{ lever: 2, question_ids: ['turnover'] }]);
    expect(files.texts.get(reportPath)).toContain('| 2 | turnover | Tells 1 sides. |');
  });

  it.each([
    ['both sides in one proposal', [routing([FOR_THE_VIEW, NOT_FOR_THE_TABLE])]],
    ['both sides in two', [routing([FOR_THE_VIEW]), { ...routing([NOT_FOR_THE_TABLE]), proposal_id: 'P9' }]],
    [
      'an instruction that also says what not to use',
      [
        routing([
          { type: 'add_instruction', text: 'For turnover use call_metrics. Do not use calls for it.' },
        ]),
      ],
    ],
  ])('mistake 21: %s is tried', async (_, proposals) => {
    const { run } = harborRun([inTurns]);
    const { session } = await run({ phases: { propose: offering(proposals) }, maxIterations: 2 });
    expect(session.lever_audit['2']?.skip_reason).not.toBe('needs_bilateral');
    expect(session.iterations.map(({ lever }) => lever)).toEqual([0, 1, 2]);
  });

  it('mistake 21: a question that one asset answers every time needs no second side', async () => {
    const { run } = harborRun([wavering(() => TABLE)]);
    const { session } = await run({
      phases: { propose: offering([routing([FOR_THE_VIEW])]) },
      maxIterations: 2,
    });
    expect(session.iterations.map(({ lever }) => lever)).toEqual([0, 1, 2]);
  });
});

describe('routing that wavers although both sides are told apart', () => {
  const both = offering([routing([FOR_THE_VIEW, NOT_FOR_THE_TABLE])]);
  const passesOf = (files: ReturnType<typeof memoryFileStore>) => {
    const text = files.texts.get('out/run_1/evaluation/asks.json') ?? '{"asks":[]}';
    const { asks } = JSON.parse(text) as { asks: readonly { comparison: string | null }[] };
    return asks.filter(({ comparison }) => comparison?.startsWith('routing') === true).length;
  };

  it('mistake 22, KGL-2: is asked five times, then accepted as a limit, and nothing more is proposed', async () => {
    const { run, files } = harborRun([wavering((times) => (times % 2 === 0 ? TABLE : MV))]);
    const after: PhaseOutput<'propose'>[] = [];
    const { session, reportPath } = await run({
      phases: {
        propose: async (ctx, input, runDefault) => {
          const offered = await both(ctx, input, runDefault);
          if (ctx.session().platform_limitations.length > 0) after.push(await runDefault());
          return offered;
        },
      },
    });
    expect(passesOf(files)).toBe(5);
    expect(session.platform_limitations).toMatchObject([{ code: 'KGL-2', question_ids: ['turnover'] }]);
    expect(after.length).toBeGreaterThan(0);
    const proposed = after.flatMap(({ proposals }) => proposals.flatMap(({ question_ids: ids }) => [...ids]));
    expect(proposed).not.toContain('turnover');
    expect(files.texts.get(reportPath)).toContain('| KGL-2 | turnover |');
  });

  it.each([
    ['right every time', () => MV],
    ['wrong every time: metadata may still mend that', () => TABLE],
  ])('mistake 22: three passes settle a question that is %s', async (_, answer) => {
    const { run, files } = harborRun([wavering(answer)]);
    const { session } = await run({ phases: { propose: both }, maxIterations: 2 });
    expect(passesOf(files)).toBe(3);
    expect(session.platform_limitations).toEqual([]);
  });
});

describe('a period that needs nested date arithmetic', () => {
  const quarter = "date_trunc('QUARTER', current_date())";
  const asked = (id: string, question: string, measure: string): Scripted => ({
    id,
    question,
    expected: `SELECT SUM(${measure}) FROM calls WHERE arr >= add_months(${quarter}, -3) AND arr < ${quarter}`,
    answer: () => `SELECT SUM(${measure}) FROM calls`,
  });
  const lastQuarter = [
    asked('dues', 'Dues of the calls of last quarter', 'dues'),
    asked('cargo', 'How much cargo arrived last quarter', 'cargo_t'),
  ];

  it('mistake 23, KGL-3: climbs to the next rung after each failed attempt and ends with a recommendation', async () => {
    const { run, files } = harborRun(lastQuarter);
    const known: number[] = [];
    const { session, reportPath } = await run({
      phases: {
        propose: (ctx, _input, runDefault) => {
          known.push(ctx.session().platform_limitations.length);
          return runDefault();
        },
      },
    });
    // A comment first, then an instruction with the SQL; no rung twice.
    expect(session.iterations.map(({ lever, outcome }) => [lever, outcome])).toEqual([
      [0, 'accepted'],
      [1, 'rolled_back'],
      [6, 'rolled_back'],
    ]);
    expect(new Set(session.history.map(({ failure_type: type }) => type))).toEqual(
      new Set(['missing_temporal_filter']),
    );
    // One attempt of two patches is one attempt: the limit is met only after the second rung.
    expect(session.history.filter(({ lever }) => lever === 1).length).toBeGreaterThan(1);
    expect(new Set(known)).toEqual(new Set([0]));
    expect(session.platform_limitations).toMatchObject([
      {
        code: 'KGL-3',
        question_ids: ['cargo', 'dues'],
        recommendation: expect.stringMatching(/calls\.arr.*computed beforehand/) as string,
      },
    ]);
    expect(files.texts.get(reportPath)).toContain('| KGL-3 | cargo, dues |');
  });
});
