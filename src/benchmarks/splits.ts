import { compareCodeUnits, InvalidOptionError, type Problem } from '../core/index.ts';
import type { Benchmark, Split, SplitBenchmark } from './benchmark.ts';
import { familiesOf, familyKeys } from './families.ts';
import { chooseUnits, quotasOf, unitOf, type SplitUnit } from './split-units.ts';

/** Shares of the whole suite and the rules of assignment. @see spec/benchmarks.md §7 */
export const SPLIT_DEFAULTS = {
  ratios: { train: 0.6, val: 0.2, heldOut: 0.2 },
  seed: 42,
  userToTrain: true,
  /** Suites smaller than this are all train. */
  minimumToSplit: 5,
  /** From this size on, `val` and `held_out` never stay empty. */
  minimumForQuotas: 10,
  minimumVal: 1,
  minimumHeldOut: 2,
} as const;

export interface SplitOptions {
  /** Need not add up to 1; only their proportion counts. */
  readonly ratios?: { readonly train: number; readonly val: number; readonly heldOut: number };
  readonly seed?: string | number;
  /**
   * Questions with source `user` go to train. Where that would leave `val` or `held_out` below their
   * minimum, a few of them are taken all the same and a warning says so.
   */
  readonly userToTrain?: boolean;
  /** Questions that share a key are paraphrases and share a split. Default: {@link familyKeys}. */
  readonly familyOf?: (question: Benchmark) => string | readonly string[];
}

export interface SplitAssignment {
  /** The given questions in the given order, each with its split. */
  readonly questions: readonly SplitBenchmark[];
  readonly problems: readonly Problem[];
}

/**
 * Gives every question a split: train for proposals, val for acceptance, held_out for the last check.
 *
 * A split written in the file stays. P0 questions without one go to train. The rest is spread over
 * the categories, ordered by hash; the outcome does not depend on the order of the questions.
 *
 * @throws {InvalidOptionError} when a ratio is negative or all are zero
 * @see spec/benchmarks.md §7
 */
export function assignSplits(questions: readonly Benchmark[], options: SplitOptions = {}): SplitAssignment {
  const ratios = checkedRatios(options.ratios ?? SPLIT_DEFAULTS.ratios);
  const userToTrain = options.userToTrain ?? SPLIT_DEFAULTS.userToTrain;
  const familyOf = options.familyOf ?? familyKeys;
  const problems: Problem[] = [];
  const splits = new Map<string, Split>();
  const placeIn = (split: Split, members: readonly Benchmark[]): void =>
    members.forEach((member) => splits.set(member.id, split));

  const movable: SplitUnit[] = [];
  const preferTrain: SplitUnit[] = [];
  const families = familiesOf(questions, familyOf);
  for (const family of families) {
    const open = family.filter((question) => question.split === undefined);
    family.forEach((question) => question.split !== undefined && splits.set(question.id, question.split));
    if (open.length === 0) continue;
    const unit = unitOf(open, options.seed ?? SPLIT_DEFAULTS.seed);
    const written = writtenSplit(family);
    if (open.some((question) => question.priority === 'P0')) placeIn('train', open);
    else if (written !== null) placeIn(written, open);
    else if (questions.length < SPLIT_DEFAULTS.minimumToSplit) placeIn('train', open);
    else
      (userToTrain && open.some((question) => question.source === 'user') ? preferTrain : movable).push(unit);
  }
  if (
    questions.length < SPLIT_DEFAULTS.minimumToSplit &&
    questions.some((question) => question.split === undefined)
  ) {
    problems.push(
      warning(
        'TOO_FEW_TO_SPLIT',
        `A suite needs ${SPLIT_DEFAULTS.minimumToSplit} questions to be split and has ${questions.length}: all without a split became train. Overfitting cannot be checked.`,
      ),
    );
  }

  const quotas = quotasOf(questions.length, ratios);
  const count = (split: Split): number => [...splits.values()].filter((value) => value === split).length;
  for (const split of ['held_out', 'val'] as const) {
    const left = movable.filter((unit) => !splits.has(unit.members[0]?.id ?? ''));
    chooseUnits(left, quotas[split] - count(split)).forEach((unit) => placeIn(split, unit.members));
    const minimum = ratios[split] === 0 ? 0 : minimumOf(split, questions.length);
    const short = minimum - count(split);
    if (short <= 0) continue;
    // Too few questions may be moved freely: a gate that can never say anything would be worse.
    const spare = [...movable, ...preferTrain].filter((unit) => !splits.has(unit.members[0]?.id ?? ''));
    const taken = chooseUnits(spare, short, true);
    taken.forEach((unit) => placeIn(split, unit.members));
    const users = taken
      .filter((unit) => preferTrain.includes(unit))
      .flatMap((unit) => unit.members.map((member) => member.id));
    if (users.length > 0)
      problems.push(
        warning(
          'USER_QUESTION_HELD_BACK',
          `${users.join(', ')} became ${split}, which would have stayed too small. Write the split into the file to decide yourself.`,
          { ids: users },
        ),
      );
  }
  [...movable, ...preferTrain].forEach((unit) =>
    unit.members.forEach((member) => splits.has(member.id) || splits.set(member.id, 'train')),
  );

  const placed = questions.map((question): SplitBenchmark => ({
    ...question,
    split: splits.get(question.id) ?? 'train',
  }));
  return { questions: placed, problems: [...problems, ...torn(families, splits), ...emptySplits(placed)] };
}

/** The split of those family members that have one; train when they disagree, since train has seen the answer. */
function writtenSplit(family: readonly Benchmark[]): Split | null {
  const written = [...new Set(family.flatMap((question) => question.split ?? []))];
  return written.length > 1 ? 'train' : (written[0] ?? null);
}

const minimumOf = (split: 'val' | 'held_out', total: number): number =>
  total < SPLIT_DEFAULTS.minimumForQuotas
    ? 0
    : split === 'val'
      ? SPLIT_DEFAULTS.minimumVal
      : SPLIT_DEFAULTS.minimumHeldOut;

function checkedRatios(ratios: NonNullable<SplitOptions['ratios']>): Record<Split, number> {
  const sum = ratios.train + ratios.val + ratios.heldOut;
  const bad = Object.entries(ratios).find(([, value]) => !(value >= 0 && Number.isFinite(value)));
  if (bad !== undefined)
    throw new InvalidOptionError(`ratios.${bad[0]}`, `must be a number from 0 on, not ${bad[1]}`);
  if (sum === 0) throw new InvalidOptionError('ratios', 'must not all be 0');
  return { train: ratios.train / sum, val: ratios.val / sum, held_out: ratios.heldOut / sum };
}

/** Families that stand in several splits because the file or a P0 mark says so. */
function torn(families: readonly (readonly Benchmark[])[], splits: ReadonlyMap<string, Split>): Problem[] {
  return families
    .filter((family) => {
      const found = new Set(family.map(({ id }) => splits.get(id)));
      return found.has('held_out') && found.size > 1;
    })
    .map((family) => {
      const ids = family.map((member) => member.id).sort(compareCodeUnits);
      return warning(
        'FAMILY_ACROSS_SPLITS',
        `${ids.join(', ')} have the same answer but not the same split: the held-out one is not unseen.`,
        { ids },
      );
    });
}

function emptySplits(questions: readonly SplitBenchmark[]): Problem[] {
  if (questions.length < SPLIT_DEFAULTS.minimumToSplit) return [];
  return (['val', 'held_out'] as const)
    .filter((split) => questions.every((question) => question.split !== split))
    .map((split) =>
      warning('EMPTY_SPLIT', `No question is ${split}. Write \`split: ${split}\` at some questions.`, {
        split,
      }),
    );
}

const warning = (
  code: string,
  message: string,
  details: Readonly<Record<string, unknown>> = {},
): Problem => ({
  code,
  severity: 'warning',
  path: '',
  message,
  details,
});
