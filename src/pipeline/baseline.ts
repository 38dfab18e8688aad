import { questionsInScope } from '../benchmarks/index.ts';
import type { EvaluationResult } from '../evaluation/index.ts';
import type { Place } from './isolation.ts';
import { iterationRecord, saveRows, triageOf, withTriage } from './iteration-record.ts';
import type { Prepared } from './prepare.ts';
import { rescoredEntry, takeOver } from './apply-keys.ts';
import { announceKeys, remedyKeys } from './remedy-keys.ts';
import { restoreStandings } from './resume.ts';
import { ask, configHashOf, phaseOf, type Run, type Standing } from './run.ts';
import { snapshot } from './snapshot.ts';
import { underWay } from './under-way.ts';

/** The run at its baseline, measured now or read back from a killed run. */
export async function standAtBaseline({ ctx, recorder, suite, live, catalog }: Prepared): Promise<Run> {
  const restored = await restoreStandings({ ctx, recorder, catalog, suite }, live);
  if (restored) return { ctx, suite, recorder, place: placeOf(ctx), ...restored };
  return measureAsFound({ ctx, recorder, suite, live, catalog }, 0, 'The space as found.');
}

const placeOf = (ctx: Prepared['ctx']): Place => ({ candidateId: ctx.spaceId, incumbentId: null });

/** Measures the space as it is, and takes that for the accepted state. */
export async function measureAsFound(
  { ctx, recorder, suite, live, catalog }: Prepared,
  iteration: number,
  reason: string,
  /** Copies of the space where the run has some; the one that stays as last accepted is asked. */
  place: Place = placeOf(ctx),
): Promise<Run> {
  const spaceId = place.incumbentId ?? ctx.spaceId;
  await recorder.update((session) => underWay(ctx, session, 'baseline'));
  await snapshot(
    { ctx, recorder },
    {
      stateHash: configHashOf({ state: live, catalog }),
      readFrom: spaceId,
      iteration,
      lever: 0,
      patches: [],
      catalog,
    },
  );
  const evaluation: EvaluationResult = await phaseOf(
    { ctx, recorder },
    'baseline',
    { scope: 'full', iteration, questions: questionsInScope(suite, 'full'), state: live, catalog },
    (request) => ask(ctx, request, spaceId),
  );
  const baseline: Standing = { state: live, catalog, evaluation };
  const run: Run = { ctx, suite, recorder, accepted: baseline, tip: baseline, place };
  const rowsRef = await saveRows(run, evaluation);
  const triage = await triageOf(run, evaluation);
  const keys = await remedyKeys(run, baseline, triage, null);
  const record = await iterationRecord(run, {
    triage,
    lever: 0,
    candidate: baseline,
    patches: [],
    decision: null,
    gates: null,
    rowsRef,
  });
  const { evaluation: judged } = keys.accepted;
  await recorder.update((session) => {
    const kept = keys.keep(session);
    return {
      ...kept,
      pending: null,
      ...withTriage(triage),
      iterations: [
        ...(kept.iterations ?? session.iterations),
        rescoredEntry(record, judged, keys.candidateRef),
      ],
      current_iteration: iteration,
      best_iteration: iteration,
      best_overall_accuracy: judged.overall_accuracy,
      remaining_failures: [...judged.failures],
      benchmark_fingerprint: judged.benchmark_fingerprint,
    };
  });
  takeOver(run, keys);
  announceKeys(run, keys);
  await ctx.tracking.noteOutcome('accepted', reason);
  return run;
}
