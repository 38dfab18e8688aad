import { describe, expect, it } from 'vitest';
import { duration, progressView } from '../../src/cli/progress-view.ts';
import { COMMANDS, runCli } from '../../src/cli/run-cli.ts';

async function call(...args: string[]) {
  let out = '';
  let err = '';
  const io = {
    out: (text: string) => void (out += text),
    err: (text: string) => void (err += text),
    isTerminal: false,
    columns: 100,
    env: {},
    signal: new AbortController().signal,
    confirm: null,
  };
  return { code: await runCli(args, io, '9.9.9'), out, err };
}

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
    [['optimize'], 'Option --space-id is required'],
    [['optimize', '--space-id', 'x'], 'Option --benchmarks is required'],
  ])('called as %j ends with code 2 and says what to do', async (args, message) => {
    const { code, err } = await call(...args);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });

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

  it.each([
    [900, '1 s'],
    [61_000, '1 min 1 s'],
  ])('writes %d ms as %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });
});
