import { InvalidOptionError } from '../core/index.ts';
import type { Judge } from './judge.ts';

/** A judge to define; `targetPct` may be left out when there is none. */
export type JudgeDefinition = Omit<Judge, 'targetPct'> & { readonly targetPct?: number | null };

/**
 * Makes a judge with the same rights as the built-in ones.
 *
 * @throws {InvalidOptionError} for a name that cannot be a metric key, or a target outside 0–100
 */
export function defineJudge(definition: JudgeDefinition): Judge {
  const { name, targetPct = null } = definition;
  if (!/^[a-z][a-z0-9_]*$/.test(name)) {
    throw new InvalidOptionError('name', `must be lower case letters, digits and underscores, got '${name}'`);
  }
  if (targetPct !== null && !(targetPct >= 0 && targetPct <= 100)) {
    throw new InvalidOptionError('targetPct', `of judge '${name}' must be from 0 to 100, got ${targetPct}`);
  }
  return { ...definition, targetPct };
}
