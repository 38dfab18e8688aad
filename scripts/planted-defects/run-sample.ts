import { readFile } from 'node:fs/promises';
import { readSpace, runStatements, undoStatements, writeSpace } from '../../src/apply/index.ts';
import { loadBenchmarks } from '../../src/benchmarks/index.ts';
import { connect } from '../../src/clients/index.ts';
import { nativeEvaluator, type EvaluationRow } from '../../src/evaluation/index.ts';
import { proposeAll, type Proposal, type ProposalResult, type ProposalRow } from '../../src/levers/index.ts';
import { startLocalWorkspace } from '../../src/local/index.ts';
import {
  applyPlan,
  parsePatchSet,
  planPatchSet,
  type Patch,
  type PatchPlan,
  type Snapshot,
} from '../../src/patch-dsl/index.ts';
import { referencedObjects, serializeSpace, spaceHash } from '../../src/spaces/index.ts';
import { damagesTo } from './damage.ts';
import { waveringTrial, type WaveringTrial } from './wavering.ts';
import type { Kind } from './defects.ts';

/** What came of one damage to the good metadata of a sample. */
export interface SampleOutcome {
  readonly sample: string;
  /** Id of the damage, and the patch type of the piece that it concerns. */
  readonly piece: string;
  readonly type: string;
  /** Which of the kinds that the bars are set for; `null` for none. */
  readonly kind: Kind | null;
  /** Train questions that are right with the piece and wrong without it. */
  readonly broken: readonly string[];
  /** The same of the questions that nothing is learned from. */
  readonly brokenElsewhere: readonly string[];
  /** All broken train questions are right again, and no question that was right turned wrong. */
  readonly repaired: boolean;
  /** How many of the other broken questions came right as well. */
  readonly repairedElsewhere: number;
  /** A lever that owns the piece: that of its patch, or one that the taxonomy gives to its absence. */
  readonly rightLever: boolean;
  /** The very lever of the patch that was left out. */
  readonly sameLever: boolean;
  readonly note: string;
}

export interface SampleMeasured {
  readonly outcomes: readonly SampleOutcome[];
  /** Damages after which every train question is answered as before: other pieces say the same. */
  readonly harmless: number;
  /** Proposals for the whole good metadata. */
  readonly whenClean: readonly Proposal[];
}

/**
 * Gives a sample the metadata that an owner would write (`test/samples/solutions`), damages one piece after the other,
 * and applies the top-ranked proposal alone.
 *
 * @param only - ids of the damages; `null`: each
 */
export const runSample = (sample: string, only: readonly string[] | null = null): Promise<SampleMeasured> =>
  withSample(sample, {}, async ({ shipped, pieces, ask, propose, write, restore }) => {
    const goodPlan = planOrThrow(shipped, pieces);
    const good = await write(shipped, goodPlan);
    const goodRows = await ask(good);
    const whenClean = propose(goodRows, good).proposals;
    const right = rightIn(goodRows);
    await restore([goodPlan]);

    const outcomes: SampleOutcome[] = [];
    let harmless = 0;
    for (const damage of damagesTo(pieces, shipped).filter(({ id }) => only?.includes(id) ?? true)) {
      const damagedPlan = planOrThrow(shipped, damage.patches);
      const damaged = await write(shipped, damagedPlan);
      const rows = await ask(damaged);
      const still = rightIn(rows);
      const lost = rows.filter(({ question_id: id }) => right.has(id) && !still.has(id));
      const broken = lost.filter(({ split }) => split === 'train').map(({ question_id }) => question_id);
      const brokenElsewhere = lost.filter(({ split }) => split !== 'train').map((row) => row.question_id);
      if (broken.length === 0) {
        harmless += 1;
        await restore([damagedPlan]);
        continue;
      }
      const { proposals, review } = propose(rows, damaged);
      const [first] = proposals;
      const plans = [damagedPlan];
      let after: ReadonlySet<string> = still;
      if (first !== undefined) {
        const repair = planOrThrow(damaged, first.patches);
        plans.push(repair);
        after = rightIn(await ask(await write(damaged, repair)));
      }
      await restore(plans);
      const spoiled = [...still].filter((id) => !after.has(id));
      const missing = broken.filter((id) => !after.has(id));
      outcomes.push({
        sample,
        piece: damage.id,
        type: damage.type,
        kind: damage.kind,
        broken,
        brokenElsewhere,
        repaired: missing.length === 0 && spoiled.length === 0,
        repairedElsewhere: brokenElsewhere.filter((id) => after.has(id)).length,
        rightLever: first !== undefined && damage.levers.includes(first.lever),
        sameLever: first?.lever === damage.lever,
        note:
          first === undefined
            ? `nothing proposed; ${review.map(({ reason, detail }) => `${reason}: ${detail}`).join(' | ')}`
            : `lever ${first.lever}: ${first.rationale} [${first.patches.map(({ type }) => type).join(', ')}] Still wrong: ${missing.join(', ') || 'none'}; spoiled: ${spoiled.join(', ') || 'none'}.`,
      });
    }
    return { outcomes, harmless, whenClean };
  });

/**
 * Asks a sample with its good metadata twice while its Genie wavers, and makes proposals, which are not applied.
 *
 * @param variance - 0–1, how often the embedded Genie departs from its best answer
 */
export const runWaveringSample = (sample: string, variance: number, seed: number): Promise<WaveringTrial> =>
  withSample(sample, { variance, seed }, async ({ shipped, pieces, ask, propose, write }) => {
    const good = await write(shipped, planOrThrow(shipped, pieces));
    const [first, second] = [await ask(good), await ask(good)];
    return waveringTrial(first, second, (rows) => propose(rows, good).proposals.length);
  });

/** A running sample, to be written to and asked. */
interface SampleBench {
  readonly shipped: Snapshot;
  /** What its owner would write, piece by piece. */
  readonly pieces: readonly Patch[];
  readonly ask: (state: Snapshot) => Promise<readonly EvaluationRow[]>;
  readonly propose: (rows: readonly ProposalRow[], state: Snapshot) => ProposalResult;
  /** Writes a plan on top of what is there, and says what is there then. */
  readonly write: (before: Snapshot, plan: PatchPlan) => Promise<Snapshot>;
  /** Back to what was shipped. */
  readonly restore: (plans: readonly PatchPlan[]) => Promise<void>;
}

async function withSample<T>(
  sample: string,
  options: { readonly variance?: number; readonly seed?: number },
  use: (bench: SampleBench) => Promise<T>,
): Promise<T> {
  const local = await startLocalWorkspace({ sample, ...options });
  try {
    const { host, token, warehouseId, spaceId } = local;
    const workspace = await connect({ host, token, warehouseId, startsPerMinute: null });
    const { questions } = await loadBenchmarks(local.sample.benchmarksPath, { domain: local.sample.domain });
    const evaluator = nativeEvaluator({ workspace, variables: local.sample.variables });
    const protectedTexts = questions.map(({ id, question, expected_sql, split }) => ({
      id,
      question,
      expected_sql,
      split,
    }));
    const snapshot = async (): Promise<Snapshot> => {
      const { space } = await readSpace(workspace.genie, spaceId);
      const catalog = await workspace.catalog.snapshot(referencedObjects(space));
      return { space, catalog };
    };
    const shipped = await snapshot();
    return await use({
      shipped,
      pieces: piecesOf(await readSolution(sample)),
      ask: async ({ space, catalog }) =>
        (await evaluator.evaluate({ spaceId, questions, scope: 'full', iteration: 0, space, catalog })).rows,
      propose: (rows, { space, catalog }) => proposeAll({ rows, space, catalog, protectedTexts }),
      async write(before, plan) {
        await runStatements(workspace, [plan]);
        const text = serializeSpace(applyPlan(before.space, plan));
        await writeSpace(workspace.genie, spaceId, { text, expectedHash: spaceHash(before.space) });
        return snapshot();
      },
      async restore(plans) {
        const { space } = await readSpace(workspace.genie, spaceId);
        await writeSpace(workspace.genie, spaceId, {
          text: serializeSpace(shipped.space),
          expectedHash: spaceHash(space),
        });
        await undoStatements(workspace, plans);
      },
    });
  } finally {
    await local.close();
  }
}

async function readSolution(sample: string): Promise<readonly Patch[]> {
  const url = new URL(`../../test/samples/solutions/${sample}.yaml`, import.meta.url);
  return parsePatchSet(await readFile(url, 'utf8'));
}

/** Each line of an instruction is a rule of its own. */
function piecesOf(patches: readonly Patch[]): readonly Patch[] {
  return patches.flatMap((patch): Patch[] => {
    if (patch.type !== 'add_instruction') return [patch];
    return patch.text.split('\n').map((text, at) => ({ ...patch, id: `${patch.id}.${at + 1}`, text }));
  });
}

function planOrThrow(on: Snapshot, patches: readonly Patch[]): PatchPlan {
  const planned = planPatchSet(on, patches, { maxPatches: 200, maxObjects: 200 });
  if (!planned.ok) throw new TypeError(planned.errors.map(({ message }) => message).join('\n'));
  return planned.plan;
}

const rightIn = (rows: readonly EvaluationRow[]): ReadonlySet<string> =>
  new Set(rows.filter(({ correct }) => correct === true).map(({ question_id }) => question_id));
