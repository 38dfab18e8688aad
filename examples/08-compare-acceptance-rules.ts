/** How often each rule accepts a change that repairs 0 to 6 questions of 30, and what it asks for that. */
import { ACCEPTANCE_DEFAULTS, planBudget, seededRandom, simulateRule } from 'genie-optimizer';

const RUNS = 2000;

// #region table
const { alphaRegression: alpha_regression, sequentialAlpha, maxRounds: max_rounds } = ACCEPTANCE_DEFAULTS;
const paired = (k: number, alpha: number) => ({ rule: 'paired', alpha, alpha_regression, k }) as const;
const RULES = {
  'one run each': { rule: 'one-run' },
  'paired, K=4, α .05': paired(4, 0.05),
  'paired, K=4, α .02': paired(4, 0.02),
  'paired, K=6, α .02': paired(6, 0.02),
  sequential: { rule: 'sequential', alpha: sequentialAlpha, alpha_regression, max_rounds },
} as const;

for (const [name, rule] of Object.entries(RULES)) {
  const row = [0, 1, 2, 3, 4, 6].map((repaired) =>
    simulateRule(rule, { repaired, runs: RUNS, random: seededRandom(`${name} ${repaired}`) }),
  );
  const shares = row.map(({ accepted }) => `${(100 * accepted).toFixed(1)} %`.padStart(8));
  const asks = row.reduce((sum, { meanAsks }) => sum + meanAsks, 0) / row.length;
  console.log(name.padEnd(20), shares.join(' '), `  ${asks.toFixed(0)} asks`);
}
// #endregion table

// #region budget
const plan = planBudget({ questions: 30, candidates: 6 });
console.log(`${plan.asks} questions, ${plan.minutes.toFixed(0)} minutes at 5 starts a minute`);
// #endregion budget
