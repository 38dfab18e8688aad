import { compareCodeUnits, sha256 } from '../core/index.ts';
import { SPLITS, type Benchmark, type Split } from './benchmark.ts';

/** A family whose members still need a split; they are placed together. */
export interface SplitUnit {
  readonly members: readonly Benchmark[];
  readonly stratum: string;
  readonly rank: string;
}

/** Makes one unit of the members of a family; its stratum and rank are those of its first member by hash. */
export function unitOf(members: readonly Benchmark[], seed: string | number): SplitUnit {
  const ranked = members
    .map((member) => ({ member, rank: sha256(`${seed}${member.id}`) }))
    .sort((a, b) => compareCodeUnits(a.rank, b.rank));
  const first = ranked[0];
  return {
    members,
    stratum: `${first?.member.category ?? ''}\n${first?.member.expected_asset ?? ''}`,
    rank: first?.rank ?? '',
  };
}

/** Sizes by largest remainder; ties go to the earlier of train, val, held_out. */
export function quotasOf(total: number, ratios: Readonly<Record<Split, number>>): Record<Split, number> {
  const exact = SPLITS.map((split) => ({ split, value: ratios[split] * total }));
  const quotas = Object.fromEntries(
    exact.map(({ split, value }) => [split, Math.floor(value + 1e-9)]),
  ) as Record<Split, number>;
  const byRemainder = exact
    .map(({ split, value }) => ({ split, rest: value - quotas[split] }))
    .sort((a, b) => b.rest - a.rest);
  const missing = total - SPLITS.reduce((sum, split) => sum + quotas[split], 0);
  byRemainder.slice(0, missing).forEach(({ split }) => (quotas[split] += 1));
  return quotas;
}

/**
 * Units worth `quota` questions, spread over the strata in proportion to their size.
 *
 * Whole families only: one that does not fit is left out unless `overshoot` is on.
 */
export function chooseUnits(units: readonly SplitUnit[], quota: number, overshoot = false): SplitUnit[] {
  const total = units.reduce((sum, unit) => sum + unit.members.length, 0);
  const chosen = new Set<SplitUnit>();
  let missing = Math.min(quota, total);
  if (missing <= 0) return [];
  const take = (unit: SplitUnit): void => {
    chosen.add(unit);
    missing -= unit.members.length;
  };
  const strata = [...new Set(units.map((unit) => unit.stratum))].sort(compareCodeUnits);
  let [seen, granted] = [0, 0];
  for (const stratum of strata) {
    const inside = units
      .filter((unit) => unit.stratum === stratum)
      .sort((a, b) => compareCodeUnits(a.rank, b.rank));
    seen += inside.reduce((sum, unit) => sum + unit.members.length, 0);
    // Rounding the running total keeps every stratum within one of its share and the sum exact.
    const until = Math.round((Math.min(quota, total) * seen) / total);
    let share = until - granted;
    granted = until;
    for (const unit of inside) {
      if (unit.members.length > share) continue;
      share -= unit.members.length;
      take(unit);
    }
  }
  const rest = units
    .filter((unit) => !chosen.has(unit))
    .sort((a, b) => a.members.length - b.members.length || compareCodeUnits(a.rank, b.rank));
  for (const unit of rest) if (missing > 0 && (unit.members.length <= missing || overshoot)) take(unit);
  return [...chosen];
}
