import { counted } from '../core/index.ts';
import { selectPatches, type Lever, type Proposal, type Selection } from '../levers/index.ts';
import type { LeverSkipReason } from '../session/index.ts';
import { noteOneSided, withBothSides } from './bilateral.ts';
import { notListed, withAudit } from './ladder-records.ts';
import type { ProposeInput, ProposeOutput } from './phases.ts';
import { LAST_LEVER } from './position.ts';
import { defaultProposals, forbiddenTexts, proposalNotes } from './propose.ts';
import { phaseOf, type Run } from './run.ts';
import { unstableQuestions } from './unstable-questions.ts';

/** A patch set ready to be tried, or why there is none. */
export type PlannedStep =
  | { readonly ok: true; readonly selection: Selection; readonly proposals: number }
  | { readonly ok: false; readonly reason: LeverSkipReason; readonly detail: string };

/** Runs the `propose` phase of one lever, for lever 6 through `gepa`, and notes what it noticed. */
export async function proposalsFor(run: Run, lever: Lever): Promise<readonly Proposal[]> {
  const { recorder, tip } = run;
  const rows = trainRowsOf(run);
  if (rows.length === 0) return [];
  const input = { lever, rows, unstable: unstableQuestions(run), state: tip.state, catalog: tip.catalog };
  const propose = (given: ProposeInput): Promise<ProposeOutput> =>
    phaseOf(run, 'propose', given, (from) => defaultProposals(run, from), lever);
  const output = await (lever === LAST_LEVER ? phaseOf(run, 'gepa', input, propose, lever) : propose(input));
  await recorder.update((session) => ({
    ...proposalNotes(session, output),
    lever_audit: withAudit(session, lever, {
      proposals_generated:
        (session.lever_audit[String(lever)]?.proposals_generated ?? 0) + output.proposals.length,
      ...(output.asiSources && { asi_sources: output.asiSources }),
    }),
  }));
  return output.proposals;
}

/** The only rows proposals may be made from. */
export const trainRowsOf = ({ tip }: Pick<Run, 'tip'>) =>
  tip.evaluation.rows.filter((row) => row.split === 'train');

/**
 * Packs proposals into one patch set and plans it; nothing is written.
 *
 * Proposals of high risk get in only when approved; the others of their kind are queued in the session.
 */
export async function planStep(run: Run, lever: Lever, proposals: readonly Proposal[]): Promise<PlannedStep> {
  const { ctx, tip } = run;
  if (trainRowsOf(run).length === 0) {
    return nothing('no_row_data', 'The last evaluation holds no row of a train question.');
  }
  if (proposals.length === 0) return nothing('no_proposals_generated', 'No failure calls for this lever.');
  const { kept, oneSided } = withBothSides(run, proposals);
  if (oneSided.length > 0) await run.recorder.update(noteOneSided(lever, oneSided));
  if (kept.length === 0) {
    return nothing(
      'needs_bilateral',
      'Two assets answer these questions in turns: say what each of them is for, and what it is not for.',
    );
  }
  const { allowed, queued } = await sortedByRisk(run, kept);
  await queue(run, lever, queued);
  if (allowed.length === 0) {
    return nothing(
      'all_patches_high_risk',
      `${counted(queued.length, 'proposal')} of high risk still to be approved.`,
    );
  }
  const { maxObjects, maxPatches } = ctx.options;
  const selected = selectPatches(
    allowed,
    { space: tip.state.space, catalog: tip.catalog },
    // What is of high risk and not approved is out already.
    { maxObjects, maxPatches, forbiddenTexts: forbiddenTexts(run), forceApply: true },
  );
  if (selected.ok) return { ok: true, selection: selected.selection, proposals: proposals.length };
  return nothing(
    selected.reason === 'invalid' ? 'invalid_patch_set' : 'no_proposals_generated',
    selected.refused[0]?.message ?? 'No proposal changes anything.',
  );
}

const nothing = (reason: LeverSkipReason, detail: string): PlannedStep => ({ ok: false, reason, detail });

async function sortedByRisk(
  { ctx }: Run,
  proposals: readonly Proposal[],
): Promise<{ readonly allowed: Proposal[]; readonly queued: Proposal[] }> {
  const { forceApply, approveRisk } = ctx.options;
  const allowed: Proposal[] = [];
  const queued: Proposal[] = [];
  for (const proposal of proposals) {
    const isRisky = proposal.patches.some((patch) => patch.risk_level === 'high');
    const isAllowed = !isRisky || forceApply === true || (await approveRisk?.(proposal)) === true;
    (isAllowed ? allowed : queued).push(proposal);
  }
  return { allowed, queued };
}

/** Keeps what was not approved, once each, for a person to look at. */
async function queue({ recorder, ctx }: Run, lever: Lever, proposals: readonly Proposal[]): Promise<void> {
  const fresh = notListed(proposals, recorder.current().queued_high_risk);
  if (fresh.length === 0) return;
  await recorder.update((session) => ({
    queued_high_risk: [
      ...session.queued_high_risk,
      ...fresh.map(({ rationale, question_ids, patches }) => ({
        lever,
        rationale,
        question_ids: [...question_ids],
        patches: patches.map((patch) => ({ ...patch })),
      })),
    ],
  }));
  ctx.emit({
    type: 'warning',
    code: 'HIGH_RISK_QUEUED',
    message: `${counted(fresh.length, 'proposal')} of high risk still to be approved; 'queued_high_risk' in ${ctx.options.sessionFile} holds them.`,
  });
}
