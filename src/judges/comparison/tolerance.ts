import type { CanonicalColumn } from './canonical-table.ts';
import { scaledInteger } from './decimal.ts';

/** How far two numbers of a pair of columns may lie apart; `null`: they must be equal. */
export type Tolerance =
  | { readonly kind: 'absolute'; readonly distance: bigint }
  /** At most `atol + rtol × larger value`, both `1 / inverse`. */
  | { readonly kind: 'relative'; readonly absolute: bigint; readonly inverse: bigint }
  | null;

export interface NumberPolicy {
  /** Places kept in canonical numbers. */
  readonly floatDigits: number;
  /** Relative and absolute tolerance of FLOAT and DOUBLE. */
  readonly tolerance: number;
}

const isNumeric = ({ kind }: CanonicalColumn): boolean =>
  kind === 'integer' || kind === 'decimal' || kind === 'float';

/**
 * Rule for a pair of columns: integers exact, decimals to the coarser declared scale, floats within the tolerance.
 *
 * A decimal against a whole-number type must be exact: 3.4 never counts as 3.
 */
export function toleranceOf(left: CanonicalColumn, right: CanonicalColumn, policy: NumberPolicy): Tolerance {
  if (!isNumeric(left) || !isNumeric(right)) return null;
  const unit = 10 ** policy.floatDigits;
  if (left.kind === 'float' || right.kind === 'float') {
    if (policy.tolerance <= 0) return null;
    return {
      kind: 'relative',
      absolute: BigInt(Math.round(policy.tolerance * unit)),
      inverse: BigInt(Math.round(1 / policy.tolerance)),
    };
  }
  if (left.scale === null || right.scale === null) return null;
  const coarse = Math.min(left.scale, right.scale);
  // Rounding on both sides may fall on different sides of an edge: one unit of the last place kept.
  if (coarse >= policy.floatDigits) return { kind: 'absolute', distance: 1n };
  if (coarse === 0 || left.scale === right.scale) return null;
  return { kind: 'absolute', distance: 5n * 10n ** BigInt(policy.floatDigits - coarse - 1) };
}

/** Whether two canonical cells agree under the rule. NULL, `NaN` and infinities only agree with themselves. */
export function withinTolerance(
  left: string,
  right: string,
  tolerance: Tolerance,
  floatDigits: number,
): boolean {
  if (left === right) return true;
  if (tolerance === null) return false;
  const [a, b] = [scaledInteger(left, floatDigits), scaledInteger(right, floatDigits)];
  if (a === null || b === null) return false;
  const distance = magnitude(a - b);
  if (tolerance.kind === 'absolute') return distance <= tolerance.distance;
  const larger = magnitude(a) > magnitude(b) ? magnitude(a) : magnitude(b);
  return (distance - tolerance.absolute) * tolerance.inverse <= larger;
}

const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);
