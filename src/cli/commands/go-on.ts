import { messageOf } from '../../core/index.ts';
import type { FileStore } from '../../ports/index.ts';
import { DEFAULT_SESSION_FILE, loadSession } from '../../session/index.ts';
import type { CliValues } from '../command.ts';
import { shellWord } from '../shell-word.ts';

/** What the session of a run says itself, and `resume` is not told again. */
const IN_THE_SESSION: ReadonlySet<string> = new Set([
  'session-file',
  'config',
  'space-id',
  'domain',
  'resume',
  'resume-from-run',
  'evaluate-only',
  'no-lever-aware',
  'lever-aware',
  'dry-run',
  'scope',
  'starts-per-minute',
  'json',
  'yes',
]);

/** Names of these are needed only while a run has not read its questions. */
const OF_QUESTIONS: ReadonlySet<string> = new Set(['benchmarks', 'variables']);

/** The sentence for somebody whose run was stopped: the command that goes on, ready to be pasted. */
export async function howToGoOn(values: CliValues, sessionFile: string, files: FileStore): Promise<string> {
  const session = await loadSession(files, sessionFile).catch(messageOf);
  if (typeof session === 'string') return `What to go on from cannot be read: ${session}`;
  if (session === null) return 'Nothing was recorded yet: start it again.';
  const needed = Object.entries(values).filter(
    ([name, value]) =>
      value !== undefined &&
      value !== '' &&
      !IN_THE_SESSION.has(name) &&
      !(session.suite_ref !== null && OF_QUESTIONS.has(name)),
  );
  const words = needed.flatMap(([name, value]) => [
    `--${name}`,
    ...(typeof value === 'string' ? [shellWord(value)] : []),
  ]);
  const file = sessionFile === DEFAULT_SESSION_FILE ? [] : ['--session-file', shellWord(sessionFile)];
  return `To go on from here:\n  ${['genie-optimizer resume', ...file, ...words].join(' ')}`;
}
