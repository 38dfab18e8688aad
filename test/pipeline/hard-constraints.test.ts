import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { JUDGE_NAMES } from '../../src/judges/index.ts';
import { PHASE_IDS, PHASE_INPUT_SCHEMAS, PHASE_OUTPUT_SCHEMAS } from '../../src/pipeline/index.ts';
import { parseSpace } from '../../src/spaces/index.ts';
import { resolveSql, sanitizeSql } from '../../src/sql/index.ts';
import { scriptedRun, synonym, TEN_QUESTIONS } from '../scenarios/scripted-run.ts';
import { verdict } from './rows.ts';
import { helps, textOf, lacking } from './constraint-runs.ts';

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
