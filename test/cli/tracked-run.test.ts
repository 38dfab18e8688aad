import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LocalWorkspace } from '../../src/local/index.ts';
import { reportSchema } from '../../src/report/index.ts';
import { callCli } from './call-cli.ts';
import { cliWorkspace, runFlags } from './cli-workspace.ts';

const call = (...args: string[]) => callCli(args);

let local: LocalWorkspace;
let dir: string;

beforeAll(async () => {
  const place = await cliWorkspace();
  ({ local, dir } = place);
  return place.close;
});

const sessionFile = () => join(dir, 'progress.json');

/** `evaluate` of the library, with these flags more. */
const evaluate = (session: string, ...flags: string[]) =>
  call('evaluate', ...runFlags(local, session, dir), ...flags);

describe('evaluate --tracking', () => {
  it('says where the run is tracked, and keeps it in the session', async () => {
    const { out, err } = await evaluate(sessionFile(), '--tracking', 'summary');
    expect(err).toBe('');
    expect(out).toMatch(/Tracked in MLflow: \/Users\/.*\/genie-optimization\/library \(experiment \d+/);
    const session = JSON.parse(await readFile(sessionFile(), 'utf8')) as Record<string, unknown>;
    expect(session['tracking']).toMatchObject({ models: { '0': expect.any(String) as unknown } });
  });

  it.each([
    [['--tracking', 'everything'], 'must be full, summary, off'],
    [['--experiment', 'sales'], 'must be a path below a home folder'],
  ])('with %j says what is wrong', async (flags, message) => {
    const { out, err } = await evaluate(join(dir, 'other.json'), ...flags);
    expect(out + err).toContain(message);
  });
});

describe('report', () => {
  it('renders what the run wrote, again', async () => {
    const session = JSON.parse(await readFile(sessionFile(), 'utf8')) as { report_path: string };
    const { code, out } = await call('report', '--session-file', sessionFile());
    expect(code).toBe(0);
    expect(out).toContain('## 6. Per-question results');
    const sectionOf = (text: string) => text.slice(text.indexOf('## 6.'), text.indexOf('## 7.'));
    expect(sectionOf(out)).toBe(sectionOf(await readFile(session.report_path, 'utf8')));
  });

  it('writes it to a file, as JSON that passes its schema', async () => {
    const path = join(dir, 'again.json');
    const { code, err } = await call('report', '--session-file', sessionFile(), '--json', '--out', path);
    expect(code).toBe(0);
    expect(err).toContain(path);
    const report = reportSchema.parse(JSON.parse(await readFile(path, 'utf8')));
    expect(report.questions.length).toBeGreaterThan(0);
    expect(report.mlflow?.experiment).toContain('/genie-optimization/library');
  });

  it.each([
    ['is missing', null, 2, 'There is no session file'],
    ['is damaged', '{"schema_version":"1"}', 1, 'is damaged at'],
  ])('with a session file that %s ends with a sentence', async (_how, text, code, message) => {
    const path = join(dir, 'broken.json');
    if (text !== null) await writeFile(path, text);
    const result = await call('report', '--session-file', path);
    expect(result.code).toBe(code);
    expect(result.err).toContain(message);
  });
});
