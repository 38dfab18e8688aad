import { readSpace } from '../apply/index.ts';
import { parseJson } from '../core/index.ts';
import { currentAccuracy, lastIteration, type LeverAudit, type Session } from '../session/index.ts';
import { parseSpace, spaceHash } from '../spaces/index.ts';
import type { Run } from './run.ts';
import { InvariantError } from './verify-state.ts';

/**
 * Checks what must hold between two attempts, whoever wrote the phases:
 *
 * 1. the copies of the space are as last accepted and as last decided on (`followLive` looks at a live space);
 * 2. what the next candidate is compared with is the last accepted evaluation;
 * 3. the session on disk is not older than this moment;
 * 4. every lever that was tried has its outcome in the audit, and nothing is under way.
 *
 * @param after - the transition, for the message
 * @throws {InvariantError}
 * @see spec/pipeline.md §5
 */
export async function assertInvariants(run: Run, after: string): Promise<void> {
  const session = run.recorder.current();
  assertAudit(session, after);
  assertReference(run, after);
  await assertOnDisk(run, after);
  await assertCopies(run, after);
}

async function assertCopies({ ctx, place, tip, accepted }: Run, after: string): Promise<void> {
  if (place.incumbentId === null) return;
  const expected = [
    [place.candidateId, tip.state.hash],
    [place.incumbentId, accepted.state.hash],
  ] as const;
  for (const [spaceId, expectedHash] of expected) {
    const { hash } = await readSpace(ctx.workspace.genie, spaceId, { signal: ctx.signal });
    if (hash === expectedHash) continue;
    throw new InvariantError(after, `the copy ${spaceId} is not in the state that was decided on.`, {
      spaceId,
      expectedHash,
      foundHash: hash,
    });
  }
}

function assertReference({ recorder, accepted }: Run, after: string): void {
  const session = recorder.current();
  const last = lastIteration(session, 'accepted');
  const { evaluation, state } = accepted;
  const model = session.tracking?.models[String(last?.iteration)];
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ['iteration', last?.iteration, evaluation.iteration],
    ['best_iteration', session.best_iteration, evaluation.iteration],
    ['accuracy', last && currentAccuracy(last), evaluation.overall_accuracy],
    ['best_overall_accuracy', session.best_overall_accuracy, evaluation.overall_accuracy],
    ['accepted_config', hashOfText(session.accepted_config), state.hash],
    ['accepted_model_id', model && session.tracking?.accepted_model_id, model],
  ];
  for (const [name, recorded, used] of pairs) {
    if (recorded === used) continue;
    throw new InvariantError(after, `'${name}' of the session is not that of the last accepted evaluation.`, {
      name,
      recorded,
      used,
    });
  }
}

const hashOfText = (text: string | null): string | null =>
  text === null ? null : spaceHash(parseSpace(text));

async function assertOnDisk({ ctx, recorder }: Run, after: string): Promise<void> {
  const { files, sessionFile } = ctx.options;
  const stored = parseJson((await files.read(sessionFile)) ?? '') as Session | undefined;
  if (stored && JSON.stringify(momentOf(stored)) === JSON.stringify(momentOf(recorder.current()))) return;
  throw new InvariantError(after, `${sessionFile} is older than the run. Check what else writes this file.`, {
    sessionFile,
  });
}

/** What tells one moment of a session from another. */
const momentOf = (session: Session) => [
  session.session_id,
  session.updated_at,
  session.sweep,
  session.next_lever,
  session.lever_attempts,
  session.attempts.length,
  session.iterations.map(({ outcome }) => outcome),
  session.accepted_config,
];

function assertAudit(session: Session, after: string): void {
  for (const [lever, audit] of Object.entries(session.lever_audit)) {
    if (!audit.attempted || hasOutcome(audit)) continue;
    throw new InvariantError(after, `lever ${lever} was tried, but the audit does not say what came of it.`, {
      lever,
    });
  }
  if (session.pending === null && session.current_apply_log === null) return;
  throw new InvariantError(after, 'something is still under way in the session.', {
    pending: session.pending,
    change: session.current_apply_log?.change_id ?? null,
  });
}

/** Whether the audit says what came of a lever. */
export const hasOutcome = ({ skip_reason: reason, proposals_applied: applied }: LeverAudit): boolean =>
  reason !== null || applied > 0;
