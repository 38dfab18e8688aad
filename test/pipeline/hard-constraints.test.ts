import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { questionsInScope, type Benchmark } from '../../src/benchmarks/index.ts';
import { nativeEvaluator, type Evaluator } from '../../src/evaluation/index.ts';
import { JUDGE_NAMES } from '../../src/judges/index.ts';
import {
  decideByThreshold,
  PHASE_IDS,
  PHASE_INPUT_SCHEMAS,
  PHASE_OUTPUT_SCHEMAS,
  type PhaseHandlers,
} from '../../src/pipeline/index.ts';
import { parseSpace, serializeSpace } from '../../src/spaces/index.ts';
import { resolveSql, sanitizeSql } from '../../src/sql/index.ts';
import { fakeClock } from '../../src/testing/index.ts';
import {
  scriptedRun,
  SPACE_ID,
  synonym,
  TEN_QUESTIONS,
  type ScriptedRun,
} from '../scenarios/scripted-run.ts';
import { evaluation, row, verdict } from './rows.ts';

const helps = (lever: number) => (lever === 1 ? [synonym(1, 2)] : []);
const textOf = (scenario: ScriptedRun) => serializeSpace(parseSpace(scenario.workspace.spaceText(SPACE_ID)));

/** The default evaluator with other capabilities. */
const lacking = (scenario: ScriptedRun, changes: Partial<Evaluator['capabilities']>): Evaluator => {
  const evaluator = nativeEvaluator({ workspace: scenario.workspace, clock: fakeClock() });
  return { ...evaluator, capabilities: { ...evaluator.capabilities, ...changes } };
};

describe('hard constraints of a run', () => {
  it.each([
    ['several statements', 'SELECT 1; DROP TABLE t', 'SELECT 1'],
    ['line and block comments', 'SELECT 1 -- one\n/* two */ FROM t', 'SELECT 1'],
    ['a semicolon in a literal', "SELECT ';' AS a; SELECT 2", "SELECT ';' AS a"],
  ])('HC8: SQL is sanitised before it runs: %s', (_, sql, start) => {
    const { sql: clean } = sanitizeSql(sql);
    expect(clean.startsWith(start)).toBe(true);
    expect(clean).not.toMatch(/DROP|SELECT 2|one|two/);
  });

  it('HC9: the pipeline writes no data set, prompt or trace: it knows no port for them', () => {
    const folder = 'src/pipeline';
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.ts'),
    );
    expect(files.length).toBeGreaterThan(20);
    for (const name of files) {
      expect(readFileSync(join(folder, name), 'utf8'), name).not.toMatch(
        /createDataset|registerPrompt|startTrace|MlflowTrackingPort|TracesPort/,
      );
    }
  });

  it('HC10: a variable that nobody resolved is never sent to the warehouse', async () => {
    expect(resolveSql('SELECT 1 FROM ${catalog}.${gold_schema}.t', { catalog: 'c', gold_schema: 's' })).toBe(
      'SELECT 1 FROM c.s.t',
    );
    const scenario = scriptedRun(TEN_QUESTIONS, () => []);
    const questions = scenario.suite.questions.map((question) => ({
      ...question,
      expected_sql: question.expected_sql.replace('main.', '${catalog}.'),
    }));
    await scenario
      .run({ benchmarks: { ...scenario.suite, questions }, evaluateOnly: true })
      .catch(() => undefined);
    expect(scenario.workspace.executed.filter((sql) => sql.includes('${'))).toEqual([]);
  });

  it('HC12, mistake 8: every phase has an input and an output schema', () => {
    expect(Object.keys(PHASE_INPUT_SCHEMAS).sort()).toEqual([...PHASE_IDS].sort());
    expect(Object.keys(PHASE_OUTPUT_SCHEMAS).sort()).toEqual([...PHASE_IDS].sort());
  });

  it('HC12: every call leaves an entry with contract, references and hashes of what went in and out', async () => {
    const { session } = await scriptedRun(TEN_QUESTIONS, helps).run();
    expect(new Set(session.worker_reads.map(({ worker }) => worker))).toEqual(
      new Set(['evaluator', 'optimizer', 'applier', 'generator']),
    );
    for (const entry of session.worker_reads) {
      expect(entry).toMatchObject({
        contract_version: expect.any(String) as string,
        references: expect.arrayContaining([expect.any(String)]) as string[],
        input_hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
        iteration: expect.any(Number) as number,
      });
    }
    const lever1 = session.worker_reads.filter((entry) => entry['lever'] === 1).map(({ worker }) => worker);
    expect(lever1).toEqual(expect.arrayContaining(['optimizer', 'applier', 'evaluator']));
  });

  it('HC12: what an override hands to the default is checked like everything else', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, helps);
    const run = scenario.run({
      phases: { propose: (_ctx, input, runDefault) => runDefault({ ...input, lever: 9 as 1 }) },
    });
    await expect(run).rejects.toMatchObject({
      code: 'PHASE_INPUT',
      details: { phase: 'propose', path: 'lever' },
    });
  });

  it('HC14, mistake 10: levers are tried in order, each with its own evaluation, and 6 comes last', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, (lever, sweep) =>
      sweep === 1 ? [synonym(lever as 1, lever + 1)] : [],
    );
    const { session } = await scenario.run();
    expect(session.iterations.map(({ lever }) => lever)).toEqual([0, 1, 2, 3, 4, 5]);
    const tried = session.worker_reads
      .filter(({ handler }) => handler === 'propose')
      .map((entry) => entry['lever']);
    expect(tried.indexOf(6)).toBe(tried.length - 1);
  });

  it('HC15, mistake 11: without rows of single questions nothing is proposed', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, helps);
    const result = await scenario.run({
      phases: {
        baseline: async (_ctx, _input, runDefault) => ({ ...(await runDefault()), rows: [] }),
        propose: () => {
          throw new RangeError('must not be called');
        },
      },
    });
    expect(result.session.lever_audit['1']).toMatchObject({
      skip_reason: 'no_row_data',
      proposals_generated: 0,
    });
  });

  it('HC15: proposals see rows of the train split only', async () => {
    const seen = new Set<string>();
    await scriptedRun(TEN_QUESTIONS, helps).run({
      phases: {
        propose: (_ctx, input) => {
          for (const { split } of input.rows) seen.add(split);
          return { proposals: [] };
        },
      },
    });
    expect([...seen]).toEqual(['train']);
  });

  it.each([
    [2, false],
    [3, true],
  ])(
    'HC16, mistake 12: %d answer keys doubted in one evaluation: a look is needed: %s',
    async (doubted, needed) => {
      const scenario = scriptedRun(TEN_QUESTIONS, helps);
      const { session } = await scenario.run({
        phases: {
          baseline: async (_ctx, _input, runDefault) => {
            const result = await runDefault();
            const rows = result.rows.map((found, index) => ({
              ...found,
              verdicts: {
                ...found.verdicts,
                ...verdict(
                  'arbiter',
                  index < doubted ? 'genie_correct' : index === 5 ? 'ground_truth_correct' : 'skipped',
                ),
              },
            }));
            return { ...result, rows };
          },
        },
      });
      expect(session.iterations[0]?.arbiter_actions.map((action) => action.verdict)).toEqual([
        ...Array.from({ length: doubted }, () => 'genie_correct'),
        'ground_truth_correct',
      ]);
      expect(session.benchmark_correction_needed).toBe(needed);
      expect(session.corrected_questions).toHaveLength(needed ? 3 : 0);
    },
  );

  it('HC16: the arbiter is triaged after every full evaluation', async () => {
    const { session } = await scriptedRun(TEN_QUESTIONS, helps).run();
    const handlers = session.worker_reads.map(({ handler }) => handler);
    const count = (name: string) => handlers.filter((handler) => handler === name).length;
    expect(count('arbiterTriage')).toBe(session.iterations.length);
  });

  it('HC18, mistake 15: proposals always pass the patch language, whoever made them', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, () => []);
    const before = textOf(scenario);
    const leak = synonym(1, 2, scenario.suite.questions[0]?.question ?? '');
    const result = await scenario.run({
      phases: { propose: (_ctx, input) => ({ proposals: input.lever === 1 ? [leak] : [] }) },
    });
    expect(result.session.lever_audit['1']?.skip_reason).toBe('invalid_patch_set');
    expect(textOf(scenario)).toBe(before);
  });

  it('HC19, mistake 20: from the second evaluation on the SQL is compared, and nobody is asked for it', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, helps);
    const { session } = await scenario.run({ acceptance: 'threshold' });
    expect(session.iterations.map(({ cross_iteration_repeatability: pct }) => pct === null)).toEqual([
      true,
      false,
    ]);
    // Baseline, one candidate, and the held-out questions of both spaces.
    expect(scenario.workspace.asked).toHaveLength(8 + 8 + 2 * 2);
  });

  it.each([
    ['that went through', {}],
    ['that met its budget', { maxIterations: 0 }],
    ['that only measured', { evaluateOnly: true }],
  ])('HC20: a run %s writes a report', async (_, changes) => {
    const scenario = scriptedRun(TEN_QUESTIONS, helps);
    const { reportPath } = await scenario.run(changes);
    expect(scenario.files.texts.get(reportPath)).toContain('# Genie space optimization');
  });

  it.each(['baseline', 'propose', 'heldOut'] as const)(
    'HC20: a run that breaks off in %s writes a report',
    async (phase) => {
      const scenario = scriptedRun(TEN_QUESTIONS, helps);
      const run = scenario.run({ phases: { [phase]: () => Promise.reject(new RangeError('broke')) } });
      await expect(run).rejects.toThrow('broke');
      expect(scenario.files.texts.get('out/library_optimization_2026-10-01.md')).toContain('broke');
    },
  );

  it.each(JUDGE_NAMES.map((judge) => [judge]))(
    'HC23, mistake 16: an evaluator without the judge %s is refused before anything is asked',
    async (judge) => {
      const scenario = scriptedRun(TEN_QUESTIONS, helps);
      const evaluator = lacking(scenario, { judges: JUDGE_NAMES.filter((name) => name !== judge) });
      await expect(scenario.run({ evaluator })).rejects.toMatchObject({
        code: 'EVALUATOR_CAPABILITY',
        message: expect.stringContaining(judge) as string,
      });
      expect(scenario.workspace.asked).toEqual([]);
    },
  );

  it('HC23: so is one without reasons, and one that cannot ask again what the acceptance rests on', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, helps);
    for (const changes of [{ emitsAsi: false }, { rerun: false }]) {
      const run = scenario.run({ evaluator: lacking(scenario, changes) });
      await expect(run).rejects.toMatchObject({ code: 'EVALUATOR_CAPABILITY' });
    }
    const plain = await scenario.run({
      evaluator: lacking(scenario, { rerun: false }),
      acceptance: 'threshold',
    });
    expect(plain.finalAccuracyPct).toBe(37.5);
  });

  it('HC23: a routing-only evaluator may measure', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, helps);
    const evaluator = lacking(scenario, { judges: ['asset_routing'], emitsAsi: false });
    expect((await scenario.run({ evaluator, evaluateOnly: true })).status).toBe('evaluated');
  });
});

describe('an override cannot skip what protects the space', () => {
  const breaking = TEN_QUESTIONS.map((question) =>
    question.id === 0 ? { ...question, brokenBy: ['w2'] } : question,
  );

  it.each([
    ['propose', { propose: (_: unknown, input: { lever: number }) => ({ proposals: helps(input.lever) }) }],
    ['propagate', { propagate: () => ({ waitedMs: 0 }) }],
  ])("'%s' replaced: the gates still run", async (_, phases) => {
    const scenario = scriptedRun(breaking, helps);
    const before = textOf(scenario);
    const result = await scenario.run({
      phases: { propose: (_c, input) => ({ proposals: helps(input.lever) }), ...phases },
    });
    expect(textOf(scenario)).toBe(before);
    expect(result.session.attempts[0]).toMatchObject({
      skip_reason: expect.stringMatching(/gate_failed/) as string,
    });
  });

  it("'apply' replaced by one that changes nothing: noticed, and nothing is judged", async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, helps);
    const before = textOf(scenario);
    const result = await scenario.run({
      phases: {
        propose: (_c, input) => ({ proposals: helps(input.lever) }),
        apply: (_ctx, { from, plan }) => ({ ...from, hash: plan.after_hash }),
      },
    });
    expect(result.session.attempts[0]).toMatchObject({ stage: 'apply', skip_reason: 'apply_failed' });
    expect(result.session.iterations).toHaveLength(1);
    expect(textOf(scenario)).toBe(before);
  });

  it("'promote' replaced by one that writes nothing: noticed", async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, helps);
    const run = scenario.run({
      phases: {
        propose: (_c, input) => ({ proposals: helps(input.lever) }),
        promote: (_ctx, { toText, fromHash }) => ({
          text: toText,
          hash: fromHash,
          space: parseSpace(toText),
          etag: null,
          title: '',
          warehouseId: null,
        }),
      },
    });
    await expect(run).rejects.toMatchObject({ code: 'INVARIANT', details: { phase: 'promote' } });
  });

  it('a gate cannot say that it failed and passed', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, helps);
    const before = textOf(scenario);
    const result = await scenario.run({
      phases: {
        propose: (_c, input) => ({ proposals: helps(input.lever) }),
        p0Gate: async (_ctx, _input, runDefault) => ({
          ...(await runDefault()),
          status: 'failed',
          passed: true,
        }),
      },
    });
    expect(result.session.attempts[0]?.detail).toContain("'p0Gate'");
    expect(textOf(scenario)).toBe(before);
  });
});

describe('scenario fixtures', () => {
  const broken = (id: number, word: string) =>
    TEN_QUESTIONS.map((question) => (question.id === id ? { ...question, brokenBy: [word] } : question));

  it('F1: the best accepted state is promoted, not the last one tried', async () => {
    const scenario = scriptedRun(broken(1, 'harm'), (lever) =>
      lever === 2 ? [synonym(2, 2), synonym(2, 3)] : lever === 3 ? [synonym(3, 4, 'harm')] : [],
    );
    const { session, finalAccuracyPct } = await scenario.run();
    expect(finalAccuracyPct).toBe(50);
    expect(session.best_iteration).toBe(
      session.iterations.find(({ accepted, lever }) => accepted && lever === 2)?.iteration,
    );
    expect(textOf(scenario)).toBe(session.accepted_config);
  });

  it.each(['p0Gate', 'fullEval'] as const)(
    'F2, F3: an evaluation that fails in %s is rolled back and the next lever goes on',
    async (phase) => {
      const scenario = scriptedRun(TEN_QUESTIONS, () => []);
      let calls = 0;
      const result = await scenario.run({
        phases: {
          propose: (ctx, { lever }) => ({
            proposals: lever <= 2 && ctx.session().sweep === 1 ? [synonym(lever, lever + 1)] : [],
          }),
          [phase]: (_ctx: unknown, _input: unknown, runDefault: () => unknown) =>
            calls++ === 0 ? Promise.reject(new RangeError('no answer')) : runDefault(),
        },
      });
      expect(result.session.attempts[0]).toMatchObject({ lever: 1, skip_reason: 'evaluation_failed' });
      expect(result.finalAccuracyPct).toBe(37.5);
    },
  );

  it.each([
    ['F4', 59.95, 'accepted'],
    ['F5', 57.9, 'rejected'],
  ] as const)('%s: a judge that falls from 60 to %d is %s by the threshold rule', (_, current, expected) => {
    const judged = (share: number, first: boolean) =>
      evaluation(
        Array.from({ length: 2000 }, (_row, index) =>
          row(`q${index}`, index === 0 ? first : false, {
            verdicts: verdict('completeness', index < share * 20 ? 'yes' : 'no'),
          }),
        ),
      );
    const before = judged(60, false);
    const input = { accepted: before, tip: before, candidate: judged(current, true) };
    expect(decideByThreshold(input, { regressionThresholdPp: 2 }).decision).toBe(expected);
  });

  it('F6: lever 6 is still tried when levers 1 to 5 were all accepted and the budget is used', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, (lever, sweep) =>
      sweep === 1 && lever <= 5 ? [synonym(lever as 1, lever + 1)] : [],
    );
    const { session, status } = await scenario.run({ maxIterations: 5 });
    expect(session.iterations_used).toBe(5);
    expect(session.lever_audit['6']?.attempted).toBe(true);
    expect(status).toBe('max_iterations');
  });

  it('F8: a run that ended after lever 2 goes on with lever 3 and asks no baseline again', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, () => []);
    const controller = new AbortController();
    const tried: number[] = [];
    const propose: NonNullable<PhaseHandlers['propose']> = (ctx, { lever }) => {
      tried.push(lever);
      return { proposals: lever <= 2 && ctx.session().sweep === 1 ? [synonym(lever, lever + 1)] : [] };
    };
    const run = scenario.run({
      phases: { propose },
      signal: controller.signal,
      onEvent: (event) => {
        const saved = event.type === 'session_saved' ? scenario.files.texts.get(event.path) : undefined;
        if (saved?.includes('"next_lever": 3') === true) controller.abort();
      },
    });
    await expect(run).rejects.toThrow();
    const before = scenario.workspace.asked.length;
    tried.length = 0;
    const result = await scenario.run({ phases: { propose }, resume: true });
    expect(tried[0]).toBe(3);
    expect(result.finalAccuracyPct).toBe(50);
    // Only the held-out questions of both spaces.
    expect(scenario.workspace.asked).toHaveLength(before + 4);
  });

  it('a finished run that is resumed asks nothing and changes nothing', async () => {
    const scenario = scriptedRun(TEN_QUESTIONS, helps);
    const first = await scenario.run();
    const [asked, space] = [scenario.workspace.asked.length, textOf(scenario)];
    const again = await scenario.run({ resume: true });
    expect(scenario.workspace.asked).toHaveLength(asked);
    expect(textOf(scenario)).toBe(space);
    expect(again.finalAccuracyPct).toBe(first.finalAccuracyPct);
    expect(again.status).toBe(first.status);
  });

  it('F7: a sweep that ends below the targets is stalled', async () => {
    expect((await scriptedRun(TEN_QUESTIONS, helps).run()).status).toBe('stalled');
  });

  it('F9: the impact of a lever is the difference of two accuracies', async () => {
    const { session } = await scriptedRun(TEN_QUESTIONS, helps).run();
    expect(session.lever_impacts['1']).toMatchObject({ before: 25, after: 37.5, delta: 12.5 });
  });

  it('F10: a baseline that meets all targets changes nothing', async () => {
    const easy = TEN_QUESTIONS.map((question) => ({ ...question, easy: true }));
    const scenario = scriptedRun(easy, helps);
    const before = textOf(scenario);
    const result = await scenario.run();
    expect(result.status).toBe('converged');
    expect(textOf(scenario)).toBe(before);
    expect(result.session.promotion).toBeNull();
  });

  it('F13: without P0 questions the gate is inconclusive, which is said and never called passed', async () => {
    const plain = TEN_QUESTIONS.map((question) => ({ ...question, priority: 'P1' as const }));
    const { session } = await scriptedRun(plain, helps).run();
    expect(session.iterations[1]?.p0_result).toMatchObject({ status: 'inconclusive', passed: null });
    expect(session.warnings.join()).toContain('P0');
  });

  it('F16: held-out questions never decide which state is best, nor enter the frontier', async () => {
    const { session } = await scriptedRun(TEN_QUESTIONS, helps).run();
    expect(session.held_out_result).not.toBeNull();
    expect(
      session.iterations.every(({ eval_scope: scope, total_questions: n }) => scope === 'full' && n === 8),
    ).toBe(true);
    expect(session.pareto_points.map(({ iteration }) => iteration)).toEqual(
      session.iterations.map(({ iteration }) => iteration),
    );
  });

  it('no scope but held_out holds a held-out question', () => {
    const { questions } = scriptedRun(TEN_QUESTIONS, () => []).suite;
    const scopes = ['full', 'slice', 'p0'] as const;
    const touched = { patchedObjects: ['main.library.loans'], predictedQuestionIds: [] };
    for (const scope of scopes) {
      const asked: readonly Benchmark[] = questionsInScope({ domain: 'library', questions }, scope, touched);
      expect(asked.filter(({ split }) => split === 'held_out')).toEqual([]);
    }
  });
});

describe('the session of a run', () => {
  it('keeps every measured state with its cost, and flags those that were rolled back', async () => {
    const { session } = await scriptedRun(TEN_QUESTIONS, (lever, sweep) =>
      sweep > 1 ? [] : lever === 1 ? [synonym(1, 2)] : lever === 2 ? [synonym(2, 3, 'useless')] : [],
    ).run();
    expect(session.pareto_points).toMatchObject([
      { iteration: 0, correctness: 25, patch_cost: 0, accepted: true },
      { iteration: 1, correctness: 37.5, patch_cost: 1, patch_cost_delta: 1, accepted: true },
      { iteration: 2, correctness: 37.5, patch_cost: 2, patch_cost_delta: 1, accepted: false },
    ]);
    // The state that was rolled back kept more of its SQL: it stays on the frontier, flagged.
    expect(session.pareto_frontier.map(({ iteration, accepted }) => [iteration, accepted])).toEqual([
      [0, true],
      [1, true],
      [2, false],
    ]);
  });
});
