import * as z from 'zod';
import { OptimizerError } from '../core/index.ts';
import type { FileStore } from '../ports/index.ts';
import { migrateSession } from './migrations.ts';
import { SESSION_SCHEMA_VERSION, sessionSchema, type Session } from './session.ts';

/** Where a run keeps its session unless told otherwise. */
export const DEFAULT_SESSION_FILE = 'optimization-progress.json';

/** The session file exists but cannot be used; the message names the field and what to do. */
export class SessionFileError extends OptimizerError {
  constructor(path: string, problem: string, cause?: unknown) {
    super(
      `Session file '${path}' ${problem} Move it away to start a new run, or go on from its copy in MLflow with resumeFromRun.`,
      {
        code: 'SESSION_FILE',
        details: { path },
        cause,
      },
    );
  }
}

/**
 * Reads a session; `null` when the file does not exist.
 *
 * @throws {SessionFileError} not JSON, a field is wrong, or written by an unknown major version
 */
export async function loadSession(files: FileStore, path: string): Promise<Session | null> {
  const text = await files.read(path);
  if (text === null) return null;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new SessionFileError(path, 'is not valid JSON.', cause);
  }
  const version = z.looseObject({ schema_version: z.string() }).safeParse(json);
  if (!version.success) throw new SessionFileError(path, "has no 'schema_version'.");
  const migrated = migrateSession(version.data, SESSION_SCHEMA_VERSION);
  if (migrated === null) {
    throw new SessionFileError(
      path,
      `has schema version ${version.data.schema_version}; this library reads up to version ${SESSION_SCHEMA_VERSION}.`,
    );
  }
  const parsed = sessionSchema.safeParse(migrated);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new SessionFileError(
      path,
      `is damaged at '${issue?.path.join('.') ?? ''}': ${issue?.message ?? ''}.`,
    );
  }
  return parsed.data;
}

/** Writes a session whole; the store makes the write atomic and durable. */
export async function saveSession(files: FileStore, path: string, session: Session): Promise<void> {
  await files.write(path, `${JSON.stringify(session, null, 2)}\n`);
}
