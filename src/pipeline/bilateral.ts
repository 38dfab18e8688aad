import { nameKey } from '../core/index.ts';
import type { Proposal } from '../levers/index.ts';
import { nameResolver, PATCH_DEFINITIONS, type AnyPatchDefinition, type Patch } from '../patch-dsl/index.ts';
import type { Session } from '../session/index.ts';
import { notListed } from './ladder-records.ts';
import type { Run } from './run.ts';

/** Causes whose repair tells two assets apart. */
const ROUTING: ReadonlySet<string> = new Set(['asset_routing_error', 'repeatability_issue']);
/** Words by which a text sends a question elsewhere. */
const EXCLUSION = /\b(?:not|never|don't|instead|except|only for)\b/i;

/** Proposals that tell competing assets apart on both sides or not at all, and those that name one side alone. */
export interface BySides {
  readonly kept: readonly Proposal[];
  readonly oneSided: readonly Proposal[];
}

/**
 * Leaves out routing proposals for questions that two assets answer in turns, unless both sides are said: what the
 * preferred asset is for, and what the rival is not for. One side alone moves the wavering, it does not end it.
 *
 * Proposals for one question count together, and an instruction that also says what not to use is two-sided.
 *
 * @see spec/pipeline.md §11 row 21, spec/asi-clustering-levers.md §9
 */
export function withBothSides(run: Run, proposals: readonly Proposal[]): BySides {
  const rivals = rivalsByQuestion(run);
  const sideOf = sidesIn(run);
  const patchesFor = (id: string): readonly Patch[] =>
    proposals
      .filter((item) => ROUTING.has(item.failure_type) && item.question_ids.includes(id))
      .flatMap(({ patches }) => [...patches]);
  const lacksSide = (id: string): boolean => {
    const contest = rivals.get(id);
    if (contest === undefined) return false;
    const sides = patchesFor(id).map(sideOf);
    if (sides.some(({ asset, excludes }) => asset === null && excludes)) return false;
    const isPreferredSaid = sides.some(({ asset }) => asset === contest.preferred);
    const isRivalSaid = sides.some(
      ({ asset, excludes }) => asset !== null && contest.rivals.has(asset) && excludes,
    );
    return !(isPreferredSaid && isRivalSaid);
  };
  const isOneSided = (item: Proposal): boolean =>
    ROUTING.has(item.failure_type) && item.question_ids.some(lacksSide);
  return {
    kept: proposals.filter((item) => !isOneSided(item)),
    oneSided: proposals.filter(isOneSided),
  };
}

interface Contest {
  readonly preferred: string;
  readonly rivals: ReadonlySet<string>;
}

/** Questions to learn from that were answered from more than one kind of asset so far. */
function rivalsByQuestion({ ctx, suite }: Run): ReadonlyMap<string, Contest> {
  const seen = new Map<string, Set<string>>();
  for (const { question_id: id, asset } of ctx.asks.all()) {
    if (asset === undefined || asset === 'NONE') continue;
    seen.set(id, (seen.get(id) ?? new Set()).add(asset));
  }
  return new Map(
    suite.questions.flatMap(({ id, split, expected_asset: preferred }) => {
      const assets = seen.get(id);
      if (split !== 'train' || assets === undefined || assets.size < 2) return [];
      return [
        [id, { preferred, rivals: new Set([...assets].filter((asset) => asset !== preferred)) }] as const,
      ];
    }),
  );
}

/** Which kind of asset a patch speaks of (`null`: an instruction), and whether it sends questions away from it. */
function sidesIn({
  tip,
}: Run): (patch: Patch) => { readonly asset: string | null; readonly excludes: boolean } {
  const snapshot = { space: tip.state.space, catalog: tip.catalog };
  const names = nameResolver(snapshot);
  const views = new Set(
    [
      ...(tip.state.space.data_sources?.metric_views ?? []).map(({ identifier }) => identifier),
      ...tip.catalog.tables.filter(({ kind }) => kind === 'metric_view').map(({ name }) => name),
    ].map(nameKey),
  );
  return (patch) => {
    const definition: AnyPatchDefinition = PATCH_DEFINITIONS[patch.type];
    const [kind = '', name = ''] = definition.containerKey(patch, names).split(/[:#]/);
    const excludes = definition.texts(patch).some((text) => EXCLUSION.test(text));
    if (kind === 'function') return { asset: 'TVF', excludes };
    if (kind === 'asset') return { asset: views.has(name) ? 'MV' : 'TABLE', excludes };
    return { asset: null, excludes };
  };
}

/** What the session keeps of proposals that lack a side, once each. */
export const noteOneSided =
  (lever: number, oneSided: readonly Proposal[]) =>
  ({ needs_bilateral: known }: Session): Partial<Session> => {
    const fresh = notListed(oneSided, known);
    return {
      needs_bilateral: [
        ...known,
        ...fresh.map(({ rationale, question_ids }) => ({
          lever,
          rationale,
          question_ids: [...question_ids],
        })),
      ],
    };
  };
