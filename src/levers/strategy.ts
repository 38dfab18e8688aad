import { InvalidOptionError } from '../core/index.ts';
import {
  nameResolver,
  PATCH_DEFINITIONS,
  type AnyPatchDefinition,
  type Snapshot,
} from '../patch-dsl/index.ts';
import { LEVERS, type Lever, type Proposal } from './proposal.ts';

/** Where a run stands when it asks what to do next. */
export interface StrategyInput {
  /** All levers, best net impact first, as `proposeAll` gives them. */
  readonly proposals: readonly Proposal[];
  /** Levers that may not be used any more: switched off, or exhausted in this sweep. */
  readonly closed: readonly Lever[];
  /** The lever tried last in this sweep; `null` at its start. */
  readonly lastLever: Lever | null;
  /** Questions that one more step asks: gates and full evaluation together. At least 1. */
  readonly questionsPerStep: number;
  /** Steps left, at least 0. */
  readonly stepsLeft: number;
  readonly snapshot: Snapshot;
}

/** What to try next. */
export interface StrategyStep {
  /** More than one only where levers are combined. */
  readonly levers: readonly Lever[];
  /** Best net impact first; to be packed by `selectPatches`. */
  readonly proposals: readonly Proposal[];
  /** Expected questions gained per question asked. */
  readonly gain: number;
  /** One line for the log. */
  readonly log: string;
}

/** Decides which lever comes next. */
export interface Strategy {
  readonly name: string;
  /** `null`: nothing is worth another step. */
  readonly next: (input: StrategyInput) => StrategyStep | null;
}

/**
 * Makes a strategy of the caller's own, with its answers checked.
 *
 * @throws {InvalidOptionError} when a step names a closed lever, or a proposal of a lever that it does not name
 */
export function defineStrategy(strategy: Strategy): Strategy {
  return {
    name: strategy.name,
    next(input) {
      const step = strategy.next(input);
      if (step === null) return null;
      const closed = step.levers.find((lever) => input.closed.includes(lever));
      if (closed !== undefined || step.levers.length === 0)
        throw new InvalidOptionError(
          'strategy',
          `'${strategy.name}' chose ${closed === undefined ? 'no lever' : `lever ${closed}, which is closed`}`,
        );
      const stray = step.proposals.find((proposal) => !step.levers.includes(proposal.lever));
      if (stray !== undefined)
        throw new InvalidOptionError(
          'strategy',
          `'${strategy.name}' put ${stray.proposal_id} of lever ${stray.lever} into a step of lever ${step.levers.join(', ')}`,
        );
      return step;
    },
  };
}

const gainOf = (proposals: readonly Proposal[], { questionsPerStep }: StrategyInput): number =>
  proposals.reduce((sum, proposal) => sum + proposal.net_impact, 0) / Math.max(1, questionsPerStep);

const ofLever = (lever: Lever, input: StrategyInput): readonly Proposal[] =>
  input.closed.includes(lever) ? [] : input.proposals.filter((proposal) => proposal.lever === lever);

/** Levers 1 to 6 in order, one per step: what belongs to the data is said at the data, before any instruction. */
export const fixedOrder: Strategy = defineStrategy({
  name: 'fixedOrder',
  next(input) {
    if (input.stepsLeft === 0) return null;
    for (const lever of LEVERS) {
      if (input.lastLever !== null && lever <= input.lastLever) continue;
      const proposals = ofLever(lever, input);
      if (proposals.length > 0)
        return {
          levers: [lever],
          proposals,
          gain: gainOf(proposals, input),
          log: `Lever ${lever} is next in order.`,
        };
    }
    return null;
  },
});

/** Levers that act everywhere are never combined. */
const GLOBAL_LEVER = 6 satisfies Lever;

/**
 * The lever with the best expected gain per question asked; others join it where they cannot disturb each other.
 *
 * Levers share a step only when their questions, those at risk included, and the objects they change are disjoint.
 * Lever 6 comes when nothing else is left.
 *
 * @see spec/pipeline.md §6.10
 */
export const adaptive: Strategy = defineStrategy({
  name: 'adaptive',
  next(input) {
    if (input.stepsLeft === 0) return null;
    const ranked = LEVERS.filter((lever) => lever !== GLOBAL_LEVER)
      .map((lever) => ({ lever, proposals: ofLever(lever, input) }))
      .filter(({ proposals }) => proposals.length > 0)
      .sort((a, b) => gainOf(b.proposals, input) - gainOf(a.proposals, input) || a.lever - b.lever);
    const [best] = ranked;
    if (best === undefined) {
      const proposals = ofLever(GLOBAL_LEVER, input);
      const log = 'Lever 6 is next: nothing is left for levers 1 to 5.';
      return proposals.length === 0
        ? null
        : { levers: [GLOBAL_LEVER], proposals, gain: gainOf(proposals, input), log };
    }
    const joined = [best];
    for (const other of ranked.slice(1)) {
      if (joined.every((one) => areDisjoint(one.proposals, other.proposals, input.snapshot)))
        joined.push(other);
    }
    const levers: Lever[] = joined.map(({ lever }) => lever).sort((a, b) => a - b);
    const proposals = input.proposals.filter((proposal) => levers.includes(proposal.lever));
    const gain = gainOf(proposals, input);
    return {
      levers,
      proposals,
      gain,
      log:
        levers.length > 1
          ? `Combining levers {${levers.join(', ')}} -- non-overlapping question sets verified.`
          : `Lever ${best.lever} promises ${gain.toFixed(3)} questions gained per question asked.`,
    };
  },
});

/** The strategies by name; the first is the default. */
export const STRATEGIES = { fixedOrder, adaptive } as const;

/** Whether two sets of proposals have neither questions nor objects in common. */
export function areDisjoint(a: readonly Proposal[], b: readonly Proposal[], snapshot: Snapshot): boolean {
  const names = nameResolver(snapshot);
  const parts = (proposals: readonly Proposal[]): ReadonlySet<string> =>
    new Set(
      proposals.flatMap((proposal) => [
        ...[...proposal.question_ids, ...proposal.questions_at_risk].map((id) => `question ${id}`),
        ...proposal.patches.map((patch) => {
          const definition: AnyPatchDefinition = PATCH_DEFINITIONS[patch.type];
          return `object ${definition.containerKey(patch, names)}`;
        }),
      ]),
    );
  const others = parts(b);
  return [...parts(a)].every((part) => !others.has(part));
}
