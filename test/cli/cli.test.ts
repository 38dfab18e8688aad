import { describe, expect, it } from 'vitest';
import { duration, progressView } from '../../src/cli/progress-view.ts';
import { COMMANDS, stoppingNotice } from '../../src/cli/run-cli.ts';
import { summaryTable } from '../../src/cli/summary.ts';
import type { OptimizeResult } from '../../src/pipeline/index.ts';
import { callCli } from './call-cli.ts';

const call = (...args: string[]) => callCli(args);
const literally = (text: string) => new RegExp(text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));

describe('the command line', () => {
  it('lists every command in its overview', async () => {
    const { code, out } = await call('--help');
    expect(code).toBe(0);
    for (const command of COMMANDS) expect(out).toContain(command.name);
  });

  it('tells its version', async () => {
    expect(await call('--version')).toMatchObject({ code: 0, out: '9.9.9\n' });
  });

  it('shows the overview and fails when called without a command', async () => {
    const { code, out } = await call();
    expect(code).toBe(2);
    expect(out).toContain('Usage');
  });

  it.each(COMMANDS.map((command) => command.name))('explains %s with every option', async (name) => {
    const { code, out } = await call(name, '--help');
    expect(code).toBe(0);
    for (const option of Object.keys(COMMANDS.find((command) => command.name === name)?.options ?? {})) {
      expect(out).toContain(`--${option}`);
    }
  });

  it.each([
    [['optimise'], "Did you mean 'optimize'?"],
    [['demo', '--resum'], 'Did you mean --resume?'],
    [['demo', '--max-iterations', 'many'], 'must be a whole number from 0 to 1000'],
    [['optimize', '--space-id', 'x', '--domain', 'd'], 'Option --benchmarks is required'],
    [['optimize'], /--space-id: .*\n.*--benchmarks: .*\n.*--domain: /],
    [['optimize', '--space-id', '--domain', 'x'], 'Option --space-id needs a value: --space-id <id>'],
    [['optimize', '--space-id'], 'Option --space-id needs a value: --space-id <id>'],
    [['help', 'optimise'], "Did you mean 'optimize'?"],
  ])('called as %j ends with code 2 and says what to do', async (args, message) => {
    const { code, err } = await call(...args);
    expect(code).toBe(2);
    expect(err).toMatch(typeof message === 'string' ? literally(message) : message);
  });

  it('tells a newcomer first what it does, three commands to start with, and an example without Databricks', async () => {
    const { out } = await call('--help');
    expect(out.split('\n').length).toBeLessThan(40);
    const first = out.slice(0, out.indexOf('Commands:'));
    for (const name of ['demo', 'evaluate', 'optimize'])
      expect(first).toContain(`  genie-optimizer ${name} `);
    expect(first).toContain('needs no Databricks');
    expect(out).toContain('\n  genie-optimizer demo\n');
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThan(121);
  });

  it.each(COMMANDS.map((command) => command.name))(
    'explains %s in lines that a terminal holds',
    async (name) => {
      const { out } = await call(name, '--help');
      expect(out.split('\n').filter((line) => line.length > 120)).toEqual([]);
    },
  );

  it("explains a command by 'help', too", async () => {
    expect((await call('help', 'optimize')).out).toBe((await call('optimize', '--help')).out);
  });

  it('explains what every command needs before what it may be given, under headings', async () => {
    const { out } = await call('optimize', '--help');
    const at = (text: string) => out.indexOf(text);
    expect(at('\nOptions:')).toBeGreaterThan(-1);
    expect(at('\nOptions:')).toBeLessThan(at('--space-id <id> '));
    expect(at('--space-id <id> ')).toBeLessThan(at('\nWorkspace:'));
    expect(at('\nMLflow:')).toBeLessThan(at('--experiment <path>'));
    // No line is so far to the right that it wraps on a usual terminal for its flag alone.
    expect(
      Math.max(
        ...out.split('\n').map((line) => /^ +(?:-\w, )?--\S+(?: <\S+>)? {2,}/.exec(line)?.[0].length ?? 0),
      ),
    ).toBeLessThan(42);
  });

  it.each(COMMANDS.map((command) => command.name))('gives an example of %s', async (name) => {
    expect((await call(name, '--help')).out).toContain(`  genie-optimizer ${name}`);
  });

  it('names every variable of the answer keys that has no value, and asks nothing', async () => {
    const { code, err } = await call(
      'evaluate',
      '--space-id',
      '0'.repeat(32),
      '--domain',
      'tpch',
      '--variables',
      'catalog=main',
      '--benchmarks',
      'samples/tpch/golden-queries.yaml',
    );
    expect(code).toBe(2);
    expect(err).toContain('--variables gold_schema=…,tpch_catalog=…,tpch_schema=…');
    expect(err).toMatch(/^Error \[USAGE\]: The answer keys of \d+ questions use \$\{gold_schema\}.*\n$/);
  });

  it('names the keys of the file when none of them is the domain', async () => {
    const file = 'samples/tpch/golden-queries.yaml';
    const { code, err } = await call(
      'evaluate',
      '--space-id',
      '0'.repeat(32),
      '--domain',
      'tpcg',
      '--benchmarks',
      file,
    );
    expect(code).toBe(1);
    expect(err).toContain(
      `${file} has no questions for the domain 'tpcg'. It has the keys 'tpch'. Did you mean 'tpch'?`,
    );
  });

  it.each([
    [['optimize'], 'Stopping. A change that is under way is taken back. Press again to quit at once.'],
    [
      ['rollback'],
      'Stopping. What is being put back is put back to its end first. Press again to quit at once.',
    ],
    [['local', '--port', '0'], 'Stopping. Press again to quit at once.'],
    [[], 'Stopping. Press again to quit at once.'],
  ])('says what an interruption of %j does', (args, notice) => {
    expect(stoppingNotice(args)).toBe(notice);
  });

  it.each(['plan', 'apply', 'rollback', 'scan'])(
    'offers no pace of questions to %s, which asks none',
    (name) => {
      const options = COMMANDS.find((command) => command.name === name)?.options ?? {};
      expect(Object.keys(options)).toContain('warehouse-id');
      expect(Object.keys(options)).not.toContain('starts-per-minute');
    },
  );

  it('reports a missing benchmark file with code 1', async () => {
    const { code, err } = await call(
      'optimize',
      '--space-id',
      '0'.repeat(32),
      '--benchmarks',
      'nowhere.yaml',
      '--domain',
      'x',
    );
    expect(code).toBe(1);
    expect(err).toContain('nowhere.yaml');
  });
});

describe('the progress view', () => {
  const question = {
    type: 'question_done',
    scope: 'full',
    questionId: 'q',
    done: 10,
    total: 40,
    accuracyPct: 50,
    elapsedMs: 1000,
    remainingMs: 90_000,
  } as const;

  it('redraws one line on a terminal', () => {
    let text = '';
    const view = progressView({ out: (part) => void (text += part), isTerminal: true, columns: 80 });
    view.onEvent({ type: 'phase_started', phase: 'baseline', lever: null });
    view.onEvent(question);
    view.end();
    expect(text).toContain('baseline: 10/40 questions · 50.0 % right so far · 1 min 30 s left');
    expect(text).not.toContain('\n');
  });

  it('prints plain lines elsewhere, not one for each question', () => {
    const lines: string[] = [];
    const view = progressView({ out: (part) => void lines.push(part), isTerminal: false, columns: 80 });
    for (let done = 1; done <= 40; done++) view.onEvent({ ...question, done });
    expect(lines).toHaveLength(4);
    expect(lines.join('')).not.toContain('\u001B');
  });

  it('says of a run that only plans that it would try, not that it tries', () => {
    const said = (onlyPlans: boolean) => {
      let text = '';
      const view = progressView(
        { out: (part) => void (text += part), isTerminal: false, columns: 80 },
        { onlyPlans },
      );
      view.onEvent({ type: 'proposals_ready', lever: 2, proposals: 1, patches: ['Add a synonym.'] });
      return text;
    };
    expect(said(true)).toBe('Lever 2: would try 1 change\n    Add a synonym.\n');
    expect(said(false)).toContain('Lever 2: trying 1 change');
  });

  it('names left-out questions once per reason, and not all of many', () => {
    let text = '';
    const view = progressView({ out: (part) => void (text += part), isTerminal: false, columns: 80 });
    view.onEvent({
      type: 'questions_excluded',
      questions: [
        ...Array.from({ length: 9 }, (_, id) => ({ questionId: `q${id}`, reason: 'The key fails.' })),
        { questionId: 'q9', reason: 'Out of date.' },
      ],
    });
    expect(text.split('\n')).toEqual([
      'Left out 10 questions:',
      '    q0, q1, q2, q3, q4, q5 and 3 more: The key fails.',
      '    q9: Out of date.',
      '',
    ]);
  });

  it.each([
    [
      { minutes: 1, candidates: 0, smallestEffect: null },
      '8 questions to Genie, about 1 minute at 5 a minute\n',
    ],
    [{ minutes: null, candidates: 0, smallestEffect: null }, '8 questions to Genie\n'],
    [
      { minutes: 90, candidates: 2, smallestEffect: { questions: 3, pp: 37.5, power: 0.9 } },
      'Up to 8 questions to Genie, about 90 minutes at 5 a minute; a change shows when it repairs 3 of 8 questions or more\n',
    ],
  ])('tells the cost of a run: %j', (budget, line) => {
    let text = '';
    const view = progressView({ out: (part) => void (text += part), isTerminal: true, columns: 80 });
    view.onEvent({
      type: 'budget_planned',
      budget: { asks: 8, startsPerMinute: 5, questions: 8, ...budget },
    });
    expect(text).toBe(line);
  });

  it.each([
    [{ questions: 1, asks: 2, seconds: null }, 'Asking 1 question again: 2 asks\n'],
    [{ questions: 2, asks: 4, seconds: 96 }, 'Asking 2 questions again: 4 asks, about 1 min 36 s\n'],
  ])('tells the cost of asking again: %j', (cost, line) => {
    let text = '';
    const view = progressView({ out: (part) => void (text += part), isTerminal: false, columns: 80 });
    view.onEvent({ type: 'repeatability_announced', ...cost });
    expect(text).toBe(line);
  });

  it('takes the live line away before a lasting one', () => {
    const parts: string[] = [];
    const view = progressView({ out: (part) => void parts.push(part), isTerminal: true, columns: 80 });
    view.onEvent(question);
    view.onEvent({ type: 'warning', code: 'X', message: 'Look out.' });
    expect(parts.slice(1)).toEqual(['\r\u001B[2K', 'Warning: Look out.\n']);
  });

  it.each([
    [200, 'baseline: 10/40 questions · 50.0 % right so far · 1 min 30 s left'],
    [66, 'baseline: 10/40 questions · 50.0 % right so far · 1 min 30 s left'],
    [65, 'baseline 10/40 · 50 % · 1 min 30 s left'],
    [40, 'baseline 10/40 · 50 % · 1 min 30 s left'],
    [20, 'baseline 10/40 · 5…'],
    [1, ''],
  ])('says on a terminal of %d columns what fits there', (columns, line) => {
    const parts: string[] = [];
    const view = progressView({ out: (part) => void parts.push(part), isTerminal: true, columns });
    view.onEvent({ type: 'phase_started', phase: 'baseline', lever: null });
    view.onEvent(question);
    expect(parts.at(-1)).toBe(`\r\u001B[2K${line}`);
  });

  it('follows a terminal that is made smaller', () => {
    const parts: string[] = [];
    const io = { out: (part: string) => void parts.push(part), isTerminal: true, columns: 100 };
    const view = progressView(io);
    view.onEvent({ type: 'phase_started', phase: 'baseline', lever: null });
    view.onEvent(question);
    io.columns = 40;
    view.onEvent(question);
    expect(parts.slice(-2).map((part) => part.length - '\r\u001B[2K'.length)).toEqual([65, 39]);
  });

  it.each([
    [900, '1 s'],
    [61_000, '1 min 1 s'],
  ])('writes %d ms as %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });
});

describe('the summary of a run that measured', () => {
  const baseline = {
    overall_accuracy: 50,
    scores: { result_correctness: 50 },
    correct_count: 5,
    evaluated_count: 10,
    excluded_count: 0,
  };
  const summaryOf = (changes: object) =>
    summaryTable({
      status: 'evaluated',
      session: {
        iterations: [{ ...baseline, ...changes }],
        planned_steps: [
          { lever: 1, changes: ['a'] },
          { lever: 2, changes: ['b', 'c'] },
        ],
      },
      reportPath: 'report.md',
      sessionPath: 'session.json',
    } as unknown as OptimizeResult);

  it('gives the figures under the answer keys in force, as the report does', () => {
    const out = summaryOf({ rescored_accuracy: 60, rescored_scores: { result_correctness: 62.5 } });
    expect(out).toMatch(/Questions right +60\.0 %/);
    expect(out).toMatch(/result_correctness +62\.5 %/);
    expect(out).toContain('5 of 10 right, 0 excluded, before answer keys were corrected.');
  });

  it('gives them as measured where no key was corrected, and counts what is planned', () => {
    const out = summaryOf({});
    expect(out).toMatch(/Questions right +50\.0 %/);
    expect(out).toContain('5 of 10 right, 0 excluded. The space');
    expect(out).toContain('Planned: lever 1: 1 change, lever 2: 2 changes. Leave');
  });
});
