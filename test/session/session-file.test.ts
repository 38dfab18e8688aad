import { describe, expect, it } from 'vitest';
import {
  loadSession,
  saveSession,
  SESSION_SCHEMA_VERSION,
  SessionFileError,
  startSession,
} from '../../src/session/index.ts';
import { memoryFileStore } from '../../src/testing/index.ts';

const session = startSession({
  sessionId: 'run_1',
  spaceId: '0'.repeat(32),
  domain: 'library',
  host: 'memory://workspace',
  maxIterations: 5,
  now: '2026-10-01T08:00:00.000Z',
});

describe('the session file', () => {
  it('comes back as it was written, unknown keys included', async () => {
    const files = memoryFileStore();
    const extended = { ...session, note_of_the_team: { keep: true } };
    await saveSession(files, 's.json', extended);
    expect(await loadSession(files, 's.json')).toEqual(extended);
  });

  it('is null when there is none', async () => {
    expect(await loadSession(memoryFileStore(), 's.json')).toBeNull();
  });

  it.each([
    ['not JSON', '{"schema', 'is not valid JSON'],
    ['of another major version', JSON.stringify({ ...session, schema_version: '9' }), 'schema version 9'],
    ['without a version', '{}', "no 'schema_version'"],
    ['damaged', JSON.stringify({ ...session, iterations: 'none' }), "damaged at 'iterations'"],
  ])('that is %s is refused with the reason', async (_, text, reason) => {
    const files = memoryFileStore({ 's.json': text });
    await expect(loadSession(files, 's.json')).rejects.toThrow(SessionFileError);
    await expect(loadSession(files, 's.json')).rejects.toThrow(reason);
  });

  it.each(['1', '1.4', '2', '2.1', '3', '3.7'])(
    'of version %s comes back in the present layout',
    async (version) => {
      const files = memoryFileStore({
        's.json': JSON.stringify({ ...session, schema_version: version, note_of_the_team: 'kept' }),
      });
      const loaded = await loadSession(files, 's.json');
      const major = (text: string | undefined) => text?.split('.')[0];
      expect(major(loaded?.schema_version)).toBe(SESSION_SCHEMA_VERSION);
      expect(loaded).toEqual({
        ...session,
        schema_version: loaded?.schema_version,
        note_of_the_team: 'kept',
      });
      // What was written once is read again, and stays as it is.
      if (loaded !== null) await saveSession(files, 's.json', loaded);
      expect(await loadSession(files, 's.json')).toEqual(loaded);
    },
  );

  it.each(['4', '4.0', '10', '0', '', 'next'])(
    'of version "%s" is refused, and says what is read',
    async (version) => {
      const files = memoryFileStore({ 's.json': JSON.stringify({ ...session, schema_version: version }) });
      await expect(loadSession(files, 's.json')).rejects.toMatchObject({
        code: 'SESSION_FILE',
        message: expect.stringContaining(`reads up to version ${SESSION_SCHEMA_VERSION}`) as string,
      });
    },
  );

  it.each([
    ['a list', '[]'],
    ['null', 'null'],
    ['a number for a version', '{"schema_version": 3}'],
    ['empty', ''],
    ['cut short', JSON.stringify(session).slice(0, 400)],
    ['with a byte order mark and nothing else', '\uFEFF'],
    ['without what a run needs', '{"schema_version": "3"}'],
  ])('that is %s is refused with a reason, and left as it is', async (_, text) => {
    const files = memoryFileStore({ 's.json': text });
    await expect(loadSession(files, 's.json')).rejects.toMatchObject({ code: 'SESSION_FILE' });
    expect(files.texts.get('s.json')).toBe(text);
  });

  it('of the layout before comes back in the present one', async () => {
    const {
      suite_ref: _suite,
      excluded_questions: _excluded,
      isolation: _isolation,
      clones: _clones,
      promotion: _promotion,
      tracking: _tracking,
      queued_high_risk: _queued,
      closed_levers: _closed,
      ...old
    } = session;
    const files = memoryFileStore({
      's.json': JSON.stringify({ ...old, schema_version: '1', note_of_the_team: 'kept' }),
    });
    expect(await loadSession(files, 's.json')).toEqual({
      ...session,
      schema_version: SESSION_SCHEMA_VERSION,
      note_of_the_team: 'kept',
    });
  });

  it('starts with all six levers untouched', () => {
    expect(Object.keys(session.lever_audit)).toEqual(['1', '2', '3', '4', '5', '6']);
    expect(Object.values(session.lever_audit).every((audit) => !audit.attempted)).toBe(true);
  });
});
