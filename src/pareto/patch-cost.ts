/** What a patch of each risk level costs. @see spec/session-state.md §6.2 */
export const RISK_WEIGHTS = { low: 1, medium: 2, high: 3 } as const;

/** Cost of a patch whose risk is not known. */
export const UNKNOWN_RISK_WEIGHT = 2;

/**
 * Risk-weighted cost of a patch set: low 1, medium 2, high 3, unknown 2; 0 for no patches.
 *
 * @param risks - risk level of each patch, taken from its type's definition
 */
export function patchCost(risks: readonly (string | null | undefined)[]): number {
  return risks.reduce((cost, risk) => cost + (isRisk(risk) ? RISK_WEIGHTS[risk] : UNKNOWN_RISK_WEIGHT), 0);
}

const isRisk = (risk: string | null | undefined): risk is keyof typeof RISK_WEIGHTS =>
  typeof risk === 'string' && Object.hasOwn(RISK_WEIGHTS, risk);
