import { patchCost, stateFrontier, type StatePoint } from '../pareto/index.ts';
import { comparabilityKey } from './evidence-label.ts';
import { currentAccuracy } from './current-accuracy.ts';
import type { Iteration } from './iteration.ts';
import type { Session } from './session.ts';

/**
 * Every measured state as a point, and the frontier of those measured under the conditions of the last one.
 *
 * The cost of a state is that of all kept patch sets that lead to it and its own. States that were rolled
 * back are in, flagged. Evaluations in which nothing could be measured are not.
 *
 * @param models - recorded version of each state, by iteration
 * @see spec/session-state.md §6
 */
export function paretoOf(
  iterations: readonly Iteration[],
  models: Readonly<Record<string, string>> = {},
): Pick<Session, 'pareto_points' | 'pareto_frontier'> {
  const points: (StatePoint & Session['pareto_points'][number])[] = [];
  let kept = 0;
  for (const iteration of iterations) {
    const delta = patchCost(iteration.patch_set.map((patch) => riskOf(patch['risk_level'])));
    const cost = kept + delta;
    if (iteration.outcome !== 'rolled_back') kept = cost;
    const correctness = currentAccuracy(iteration);
    if (correctness === null || Object.keys(iteration.scores).length === 0) continue;
    const { requery_repeatability: asked, cross_iteration_repeatability: compared } = iteration;
    const repeatability = asked ?? compared;
    points.push({
      iteration: iteration.iteration,
      lever: iteration.lever,
      correctness,
      repeatability,
      repeatability_source:
        repeatability === null ? 'none' : repeatability === asked ? 'requery' : 'cross_iteration',
      regressions: iteration.decision?.regressions.length ?? 0,
      patch_cost: cost,
      patch_cost_delta: delta,
      model_id: models[String(iteration.iteration)] ?? null,
      accepted: iteration.accepted,
      meets_targets: iteration.thresholds_passed,
      ...(iteration.label ? { label: comparabilityKey(iteration.label) } : {}),
    });
  }
  const last = points.at(-1);
  const comparable = points
    .filter((point) => point.label === last?.label)
    // Asking one state again and comparing two states measure different things: only the latter is there for all.
    .map((point) => ({ ...point, repeatability: crossOf(iterations, point.iteration) }));
  const best = new Set(stateFrontier(comparable).map(({ iteration }) => iteration));
  return { pareto_points: points, pareto_frontier: points.filter(({ iteration }) => best.has(iteration)) };
}

const crossOf = (iterations: readonly Iteration[], number: number): number | null =>
  iterations.find(({ iteration }) => iteration === number)?.cross_iteration_repeatability ?? null;

const riskOf = (risk: unknown): string | null => (typeof risk === 'string' ? risk : null);
