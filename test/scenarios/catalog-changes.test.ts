import { describe, expect, it } from 'vitest';
import type { PhaseHandlers } from '../../src/pipeline/index.ts';
import type { CatalogSnapshot } from '../../src/ports/index.ts';
import { proposalOf } from './proposal-of.ts';
import { scriptedRun, SPACE_ID, synonym, TEN_QUESTIONS } from './scripted-run.ts';

const catalogWith = (comment: string): CatalogSnapshot => ({
  tables: [],
  functions: [
    {
      name: 'main.library.overdue_loans',
      comment,
      parameters: [{ name: 'days', type: 'INT', defaultValue: null, comment: null }],
      returns: [{ name: 'loan_id', type: 'BIGINT' }],
      body: 'SELECT loan_id FROM main.library.loans WHERE late_days > days',
    },
  ],
});

/** The comment that the last definition gave the function. */
const catalogAfter = (executed: readonly string[]): CatalogSnapshot => {
  const definition = executed.findLast((sql) => sql.startsWith('CREATE OR REPLACE FUNCTION'));
  const comment = /COMMENT '((?:[^'\\]|\\.|'')*)'/.exec(definition ?? '')?.[1];
  return catalogWith(comment?.replaceAll(String.raw`\n`, '\n') ?? 'Loans past their date.');
};

/** A space that names the function; a change of its comment is a change of Unity Catalog. */
const space = JSON.stringify({
  version: 2,
  data_sources: { tables: [{ identifier: 'main.library.loans' }] },
  instructions: { sql_functions: [{ id: '0'.repeat(32), identifier: 'main.library.overdue_loans' }] },
});

const comment = proposalOf(
  3,
  {
    type: 'update_tvf_comment',
    function: 'main.library.overdue_loans',
    sections: { best_for: 'late loans' },
  },
  ['q2'],
);

function scenario(alsoHelps: boolean) {
  const run = scriptedRun(
    TEN_QUESTIONS,
    (lever, sweep) => (lever === 3 && sweep === 1 ? [comment, ...(alsoHelps ? [synonym(3, 2)] : [])] : []),
    { catalog: catalogAfter },
  );
  run.workspace.editElsewhere(SPACE_ID, space);
  const definitions = () =>
    run.workspace.executed.filter((sql) => sql.startsWith('CREATE OR REPLACE FUNCTION'));
  return { ...run, definitions };
}

describe('a change of Unity Catalog', () => {
  it('is made with the change of the space and stays when it is accepted', async () => {
    const accepted = scenario(true);
    const result = await accepted.run();
    expect(result.finalAccuracyPct).toBe(37.5);
    // Both arms share Unity Catalog: the change is off while the incumbent is asked, and on at the end.
    expect(accepted.definitions()[0]).toContain('late loans');
    expect(accepted.definitions().at(-1)).toContain('late loans');
  });

  it('is off while the space before the change is asked, and on while the space after it is', async () => {
    const switched = scenario(true);
    const askedOf: { readonly spaceId: string; readonly isOn: boolean }[] = [];
    const spy = {
      ...switched.workspace,
      genie: {
        ...switched.workspace.genie,
        ask: (...args: Parameters<typeof switched.workspace.genie.ask>) => {
          askedOf.push({
            spaceId: args[0],
            isOn: switched.definitions().at(-1)?.includes('late loans') === true,
          });
          return switched.workspace.genie.ask(...args);
        },
      },
    };
    const { session } = await switched.run({ workspace: spy });
    const copies = askedOf.filter(({ spaceId }) => spaceId !== SPACE_ID);
    const [incumbentId] = copies.filter(({ isOn }) => !isOn).map(({ spaceId }) => spaceId);
    const evidence = copies.filter(({ spaceId }) => spaceId === incumbentId);
    expect(evidence).toHaveLength(6);
    expect(evidence.every(({ isOn }) => !isOn)).toBe(true);
    expect(session.iterations.at(-1)?.decision?.discordant?.[0]).toMatchObject({
      incumbent: { n: 6, correct: 0 },
      candidate: { n: 6, correct: 6 },
    });
  });

  it('is undone with the change of the space when it is rejected', async () => {
    const rejected = scenario(false);
    await rejected.run();
    const [made, undone] = rejected.definitions();
    expect(made).toContain('late loans');
    expect(undone).toContain('Loans past their date.');
    expect(undone).not.toContain('late loans');
  });

  it('is in the session with its inverse before it is made, and undone on resume after a kill', async () => {
    const killed = scenario(true);
    const dies = {
      ...killed.workspace,
      genie: {
        ...killed.workspace.genie,
        updateSpace: () => Promise.reject(new RangeError('power cut')),
      },
      sql: {
        ...killed.workspace.sql,
        execute: (sql: string) =>
          sql.includes('Loans past their date.') && sql.startsWith('CREATE') && !sql.includes('late loans')
            ? Promise.reject(new RangeError('power cut'))
            : killed.workspace.sql.execute(sql),
      },
    };
    await expect(killed.run({ workspace: dies })).rejects.toMatchObject({ code: 'ROLLBACK_FAILED' });
    const session = JSON.parse(killed.files.texts.get('optimization-progress.json') ?? '{}') as {
      current_apply_log: { plan: { statements: { inverse_sql: string }[] } };
    };
    expect(session.current_apply_log.plan.statements[0]?.inverse_sql).toContain('Loans past their date.');

    const resumed = await killed.run({ resume: true });
    const definitions = killed.definitions();
    expect(definitions.slice(0, 3).map((sql) => sql.includes('late loans'))).toEqual([true, false, true]);
    expect(definitions.at(-1)).toContain('late loans');
    expect(resumed.finalAccuracyPct).toBe(37.5);
  });

  it('that awaits its proof is on again when a run is cancelled while the state before it is asked', async () => {
    const run = scriptedRun(TEN_QUESTIONS, () => [], { catalog: catalogAfter });
    run.workspace.editElsewhere(SPACE_ID, space);
    const isOn = () => catalogAfter(run.workspace.executed).functions[0]?.comment?.includes('late loans');
    const cancel = new AbortController();
    const seen: (boolean | undefined)[] = [];
    const phases: PhaseHandlers = {
      propose: (ctx, { lever }) => ({
        proposals:
          ctx.session().sweep > 1 ? [] : lever === 3 ? [comment] : lever === 4 ? [synonym(4, 2)] : [],
      }),
      regressionCheck: async (ctx, _input, runDefault) => {
        const decision = await runDefault();
        const isFirst = ctx.session().pending?.lever === 3;
        return isFirst ? { ...decision, decision: 'provisional' as const } : decision;
      },
    };
    const cancelled = run.run({
      phases,
      signal: cancel.signal,
      onEvent: (event) => {
        if (event.type !== 'evidence_round') return;
        seen.push(isOn());
        cancel.abort();
      },
    });
    await expect(cancelled).rejects.toMatchObject({ code: 'ABORTED_BY_CALLER' });
    expect(seen).toEqual([false]);
    expect(isOn()).toBe(true);
    const { session } = await run.run({ phases, resume: true });
    expect(session.iterations.map(({ lever, outcome }) => [lever, outcome])).toEqual([
      [0, 'accepted'],
      [3, 'accepted'],
      [4, 'accepted'],
    ]);
    expect(isOn()).toBe(true);
  });

  it('that awaits its proof to the end is taken back', async () => {
    const run = scriptedRun(TEN_QUESTIONS, () => [], { catalog: catalogAfter });
    run.workspace.editElsewhere(SPACE_ID, space);
    const { session } = await run.run({
      phases: {
        propose: (ctx, { lever }) => ({
          proposals: lever === 3 && ctx.session().sweep === 1 ? [comment] : [],
        }),
        regressionCheck: async (_ctx, _input, runDefault) => ({
          ...(await runDefault()),
          decision: 'provisional' as const,
        }),
      },
    });
    expect(session.iterations.map(({ outcome }) => outcome)).toEqual(['accepted', 'rolled_back']);
    expect(session.provisional_apply_logs).toEqual([]);
    expect(session.current_apply_log).toBeNull();
    expect(catalogAfter(run.workspace.executed)).toEqual(catalogWith('Loans past their date.'));
  });

  it('is told of beside the held-out figures, which both spaces were asked with', async () => {
    const both = scenario(true);
    const { heldOut, reportPath } = await both.run();
    expect(heldOut?.note).toContain('not exact');
    expect(heldOut?.note).toContain('main.library.overdue_loans');
    expect(both.files.texts.get(reportPath)).toContain('Before is not exact');
  });

  it('that is all a run kept leaves no state before to ask the held-out questions of', async () => {
    const run = scriptedRun(
      // A change of the comment alone makes no answer right here; it is the decision that keeps it.
      TEN_QUESTIONS,
      () => [],
      { catalog: catalogAfter },
    );
    run.workspace.editElsewhere(SPACE_ID, space);
    const { heldOut } = await run.run({
      acceptance: 'threshold',
      phases: {
        propose: (ctx, { lever }) => ({
          proposals: lever === 3 && ctx.session().sweep === 1 ? [comment] : [],
        }),
        regressionCheck: async (_ctx, _input, runDefault) => ({
          ...(await runDefault()),
          decision: 'accepted' as const,
        }),
      },
    });
    expect(heldOut).toMatchObject({
      beforePct: null,
      note: expect.stringContaining('Unity Catalog') as string,
    });
  });
});

describe('a run that changes nothing in Unity Catalog', () => {
  it('says that its held-out figures are exact, in the result and in the report', async () => {
    const run = scriptedRun(TEN_QUESTIONS, (lever) => (lever === 1 ? [synonym(1, 2)] : []));
    const { heldOut, reportPath } = await run.run();
    expect(heldOut?.note).toContain('Before is exact');
    expect(run.files.texts.get(reportPath)).toContain('Before is exact');
  });
});
