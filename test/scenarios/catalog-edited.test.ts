import { describe, expect, it } from 'vitest';
import type { OptimizeEvent, OptimizeOptions } from '../../src/pipeline/index.ts';
import type { CatalogSnapshot } from '../../src/ports/index.ts';
import type { Session } from '../../src/session/index.ts';
import { parseSpace } from '../../src/spaces/index.ts';
import { isSession, mortalRun, type MortalRun } from './mortal-run.ts';
import { proposalOf } from './proposal-of.ts';
import { scriptedRun, SPACE_ID, synonym, TEN_QUESTIONS } from './scripted-run.ts';
import { columnSynonyms } from './space-words.ts';

const FUNCTION = 'main.library.overdue_loans';
const OTHER = 'main.library.branches_of';
const TABLE = 'main.library.loans';

const created = (executed: readonly string[]) =>
  executed.filter((sql) => sql.startsWith('CREATE OR REPLACE FUNCTION'));

/** Unity Catalog with two functions; what somebody else writes stands until the next statement. */
function unityCatalog() {
  let otherComment = 'Branches.';
  let theirs: { readonly comment: string; readonly since: number } | null = null;
  const written = (executed: readonly string[]): string => {
    const comment = /COMMENT '((?:[^'\\]|\\.|'')*)'/.exec(created(executed).at(-1) ?? '')?.[1];
    return comment?.replaceAll(String.raw`\n`, '\n') ?? 'Loans past their date.';
  };
  const commentOf = (executed: readonly string[]): string =>
    theirs !== null && theirs.since >= created(executed).length ? theirs.comment : written(executed);
  const fn = (name: string, comment: string): CatalogSnapshot['functions'][number] => ({
    name,
    comment,
    parameters: [{ name: 'days', type: 'INT', defaultValue: null, comment: null }],
    returns: [{ name: 'loan_id', type: 'BIGINT' }],
    body: `SELECT loan_id FROM ${TABLE} WHERE late_days > days`,
  });
  return {
    snapshot: (executed: readonly string[]): CatalogSnapshot => ({
      tables: [],
      functions: [fn(FUNCTION, commentOf(executed)), fn(OTHER, otherComment)],
    }),
    commentOnOther: (comment: string) => void (otherComment = comment),
    commentOnFunction: (comment: string, executed: readonly string[]) =>
      void (theirs = { comment, since: created(executed).length }),
    putBack: () => void (theirs = null),
  };
}

const SPACE = JSON.stringify({
  version: 2,
  data_sources: { tables: [{ identifier: TABLE }] },
  instructions: {
    sql_functions: [
      { id: '0'.repeat(32), identifier: FUNCTION },
      { id: '1'.repeat(32), identifier: OTHER },
    ],
  },
});

const comment = proposalOf(
  3,
  { type: 'update_tvf_comment', function: FUNCTION, sections: { best_for: 'late loans' } },
  ['q2'],
);
const proposals = (lever: number, sweep: number) =>
  sweep > 1 ? [] : lever === 3 ? [comment, synonym(3, 2)] : lever === 4 ? [synonym(4, 4)] : [];

type Options = Pick<OptimizeOptions, 'isolation' | 'acceptance'>;
const LIVE: Options = { isolation: 'live', acceptance: 'threshold' };
const CLONE: Options = { isolation: 'clone', acceptance: 'paired' };

const changed = ({ iterations }: Session) => iterations.filter(({ lever }) => lever > 0);
const afterAccepted = (session: Session) =>
  changed(session).some(({ outcome }) => outcome === 'accepted') && session.pending === null;
const underWay = (session: Session) => session.current_apply_log?.state === 'verified';
const beforeFirst = ({ iterations, pending }: Session) => iterations.length === 1 && pending === null;

async function killed(life: MortalRun, options: Options) {
  const unity = unityCatalog();
  const first = scriptedRun(TEN_QUESTIONS, proposals, {
    files: life.files,
    wrap: life.wrap,
    catalog: unity.snapshot,
  });
  const { workspace } = first;
  workspace.editElsewhere(SPACE_ID, SPACE);
  await expect(first.run(options)).rejects.toThrow('dead');
  const files = life.survivors();
  const events: OptimizeEvent[] = [];
  const resume = () =>
    scriptedRun(TEN_QUESTIONS, proposals, { files, workspace }).run({
      ...options,
      resume: true,
      onEvent: (event) => events.push(event),
    });
  const functionNow = () => unity.snapshot(workspace.executed).functions[0]?.comment;
  return { unity, workspace, resume, events, functionNow };
}
const words = ({ workspace }: Awaited<ReturnType<typeof killed>>) =>
  columnSynonyms(parseSpace(workspace.spaceText(SPACE_ID)));

describe.each([LIVE, CLONE])('an edit of Unity Catalog between a kill and the resume, %o', (options) => {
  it.each([
    ['before the first lever', beforeFirst],
    ['with a change that nobody has judged', underWay],
    ['after an accepted lever', afterAccepted],
  ])('at another text is kept, and measured with: killed %s', async (_, moment) => {
    const life = mortalRun(isSession(moment));
    const scenario = await killed(life, options);
    scenario.unity.commentOnOther('Loans of a branch.');
    const { session } = await scenario.resume();
    expect(scenario.events).toContainEqual(
      expect.objectContaining({ type: 'warning', code: 'CATALOG_FOLLOWED' }),
    );
    expect(scenario.functionNow()).toContain('late loans');
    expect(words(scenario)).toEqual(['w2', 'w4']);
    expect(changed(session).map(({ lever, outcome }) => [lever, outcome])).toEqual([
      [3, 'accepted'],
      [4, 'accepted'],
    ]);
    // The baseline, and the state that was accepted when the edit was found.
    expect(session.iterations.filter(({ lever }) => lever === 0)).toHaveLength(2);
    const again = await scenario.resume();
    expect(again.session.iterations).toEqual(session.iterations);
  });

  it.each([
    ['with a change that nobody has judged', underWay, 'CHANGE_NOT_UNDONE'],
    ['after an accepted lever', afterAccepted, 'CATALOG_EDITED_ELSEWHERE'],
  ])('at a text that the run has changed stops it, naming the text: killed %s', async (_, moment, code) => {
    const scenario = await killed(mortalRun(isSession(moment)), options);
    const { unity, workspace } = scenario;
    unity.commentOnFunction('Their words.', workspace.executed);
    const statements = created(workspace.executed).length;
    await expect(scenario.resume()).rejects.toMatchObject({
      code,
      message: expect.stringContaining(FUNCTION) as string,
    });
    expect(created(workspace.executed)).toHaveLength(statements);
    expect(scenario.functionNow()).toBe('Their words.');
    unity.putBack();
    await scenario.resume();
    expect(scenario.functionNow()).toContain('late loans');
    expect(words(scenario)).toEqual(['w2', 'w4']);
  });
});

describe('an edit of Unity Catalog during a run', () => {
  it('at a text that a change is about is not overwritten; the lever is left out, and the run goes on', async () => {
    const unity = unityCatalog();
    const scenario = scriptedRun(TEN_QUESTIONS, proposals, { catalog: unity.snapshot });
    const { workspace } = scenario;
    workspace.editElsewhere(SPACE_ID, SPACE);
    const { session } = await scenario.run({
      onEvent: (event) => {
        if (event.type === 'proposals_ready' && event.lever === 3)
          unity.commentOnFunction('Their words.', workspace.executed);
      },
    });
    expect(session.attempts[0]).toMatchObject({
      lever: 3,
      stage: 'apply',
      skip_reason: 'apply_failed',
      detail: expect.stringContaining(FUNCTION) as string,
    });
    expect(session.status).not.toBe('in_progress');
    expect(created(workspace.executed)).toEqual([]);
  });

  it('at the text of a change under trial stops it: exit code 4, and their words stay', async () => {
    const unity = unityCatalog();
    const scenario = scriptedRun(TEN_QUESTIONS, proposals, { catalog: unity.snapshot });
    const { workspace } = scenario;
    workspace.editElsewhere(SPACE_ID, SPACE);
    let statements = 0;
    const run = scenario.run({
      onEvent: (event) => {
        if (event.type !== 'patch_set_applied' || event.lever !== 3) return;
        unity.commentOnFunction('Their words.', workspace.executed);
        statements = created(workspace.executed).length;
      },
      // A candidate that is asked without its text of Unity Catalog proves nothing.
      phases: {
        propose: (ctx, { lever }) => ({ proposals: proposals(lever, ctx.session().sweep) }),
        p0Gate: () => ({
          status: 'failed',
          passed: false,
          failures: ['q0'],
          total_questions: 1,
        }),
      },
    });
    await expect(run).rejects.toMatchObject({ code: 'ROLLBACK_FAILED' });
    expect(created(workspace.executed)).toHaveLength(statements);
    expect(unity.snapshot(workspace.executed).functions[0]?.comment).toBe('Their words.');
  });
});
