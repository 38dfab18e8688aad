import { describe, expect, it } from 'vitest';
import {
  buildReport,
  renderMarkdown,
  renderReport,
  reportPathOf,
  reportSchema,
  type ReportFacts,
} from '../../src/report/index.ts';
import { HEADINGS, TARGETS, started, row, converged } from './converged-run.ts';

describe('the report of a converged run', () => {
  it('has every section, in order', () => {
    const markdown = renderReport(converged());
    const found = [...markdown.matchAll(/^## \d+\. (.*)$/gm)].map(([, heading]) => heading);
    expect(found).toEqual(HEADINGS);
  });

  it('is the same in JSON, and passes its schema', () => {
    const facts = converged();
    const report = reportSchema.parse(JSON.parse(JSON.stringify(buildReport(facts))));
    expect(renderMarkdown(report)).toBe(renderReport(facts));
    expect(renderReport(facts, { format: 'json' })).toBe(`${JSON.stringify(report, null, 2)}\n`);
  });

  it('compares the first evaluation with the last accepted one, with a sign', () => {
    const { summary } = buildReport(converged());
    expect(summary).toContainEqual({
      dimension: 'schema_accuracy',
      initial: 50,
      final: 100,
      target: 95,
      change: 50,
    });
    expect(renderReport(converged())).toContain(
      '| schema accuracy | 50.0 % | 100.0 % | 95 % | +50.0 points |',
    );
  });

  it('says n/a where nothing was measured, and never zero', () => {
    const { summary } = buildReport(converged());
    expect(summary[0]).toEqual({
      dimension: 'syntax_validity',
      initial: null,
      final: null,
      target: 98,
      change: null,
    });
    expect(renderReport(converged())).toContain('| syntax validity | n/a | n/a | 98 % | n/a |');
  });

  it('keeps tables whole whatever people wrote in their questions and patches', () => {
    const markdown = renderReport(converged());
    expect(markdown).toContain('How many \\| orders for q2?');
    for (const block of markdown.split('\n\n').filter((part) => part.startsWith('|'))) {
      const widths = block.split('\n').map((line) => line.split(/(?<!\\)\|/).length);
      expect(new Set(widths).size).toBe(1);
    }
  });

  it('tells for each proposal what it was meant to mend and what it mended', () => {
    expect(buildReport(converged()).proposals).toMatchObject([
      { proposal_id: 'PR1', cluster: 'C001', predicted: ['q2'], fixed: ['q2'], outcome: 'accepted' },
    ]);
  });

  it('groups the failures it began with by root cause and blamed object', () => {
    expect(buildReport(converged()).clusters).toEqual([
      {
        cluster_id: 'F001',
        root_cause: 'missing_filter',
        blame: 'main.sales.orders.region',
        questions: ['q2'],
        judges: ['result_correctness'],
        levers: [1],
        solved: 1,
      },
    ]);
  });

  it('shows decisions, arbiter and the health of judges', () => {
    const { additions, arbiter } = buildReport(converged());
    expect(additions.decisions).toMatchObject([{ rule: 'paired', p_value: 0.012, asks_used: 6 }]);
    expect(arbiter).toMatchObject({ invocations: 1, disambiguations: 1, auto_corrections: 0 });
    expect(additions.judge_health).toContainEqual({
      judge: 'schema_accuracy',
      scored: 0,
      failed: 2,
      excluded: 0,
    });
  });
});

describe('the report of a run that ended early', () => {
  it('still has every section when nothing was evaluated', () => {
    const facts: ReportFacts = {
      session: started({
        escalation: { code: 'aborted', detail: 'Genie is down.', at: '2026-10-01T08:01:00.000Z' },
      }),
      rows: new Map(),
      evaluator: 'native',
      targets: TARGETS,
      path: null,
    };
    const markdown = renderReport(facts);
    expect([...markdown.matchAll(/^## \d+\. (.*)$/gm)].map(([, heading]) => heading)).toEqual(HEADINGS);
    expect(markdown).toContain('Nothing was evaluated.');
    expect(markdown).toContain('aborted: Genie is down.');
  });

  it('lists what is still wrong, P0 first, with the recommended fix', () => {
    const { session } = converged();
    const facts = {
      ...converged(),
      session: { ...session, iterations: session.iterations.slice(0, 1) },
      rows: new Map([[0, [row('q1', false), row('q2', false)]]]),
    };
    expect(buildReport(facts).remaining).toMatchObject([
      { question_id: 'q2', priority: 'High', fix: 'Describe the column region.' },
      { question_id: 'q1', priority: 'Medium', root_cause: 'missing_filter' },
    ]);
  });

  it('falls back to the session alone when rows are not stored', () => {
    const facts = { ...converged(), rows: new Map() };
    const report = buildReport({ ...facts, session: { ...facts.session, remaining_failures: ['q9'] } });
    expect(report.remaining).toMatchObject([{ question_id: 'q9', root_cause: null }]);
    expect(report.questions).toEqual([]);
    expect(report.clusters).toEqual([]);
    expect(report.iterations[0]?.clusters).toBeNull();
  });

  it('does not take an evaluation that was rolled back for the final one', () => {
    const facts = converged();
    const iterations = facts.session.iterations.map((entry) =>
      entry.iteration === 1 ? { ...entry, accepted: false, outcome: 'rolled_back' as const } : entry,
    );
    const report = buildReport({ ...facts, session: { ...facts.session, iterations } });
    expect(report.header.accuracy).toEqual({ initial: 50, final: 50, change: 0 });
    expect(report.changes).toEqual([]);
    expect(report.learnings.some((line) => line.startsWith('Lever 1 was taken back'))).toBe(true);
  });
});

describe('reportPathOf', () => {
  const place = (existing: readonly string[]) => ({
    outputDir: 'out',
    exists: (path: string) => Promise.resolve(existing.includes(path)),
  });
  it.each([
    ['names the report after domain and day', [], {}, 'out/Sales-EU_optimization_2026-10-01.md'],
    [
      'does not overwrite the report of an earlier run of that day',
      ['out/Sales-EU_optimization_2026-10-01.md'],
      {},
      'out/Sales-EU_optimization_2026-10-01_80000_abc123.md',
    ],
    [
      'keeps the path of a run that was reported before',
      ['out/mine.md'],
      { report_path: 'out/mine.md' },
      'out/mine.md',
    ],
  ])('%s', async (_name, existing, changes, expected) => {
    expect(await reportPathOf(started(changes), place(existing))).toBe(expected);
  });
});
