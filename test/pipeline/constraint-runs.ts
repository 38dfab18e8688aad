import { nativeEvaluator, type Evaluator } from '../../src/evaluation/index.ts';
import { parseSpace, serializeSpace } from '../../src/spaces/index.ts';
import { fakeClock } from '../../src/testing/index.ts';
import { SPACE_ID, synonym, type ScriptedRun } from '../scenarios/scripted-run.ts';

export const helps = (lever: number) => (lever === 1 ? [synonym(1, 2)] : []);
export const textOf = (scenario: ScriptedRun) =>
  serializeSpace(parseSpace(scenario.workspace.spaceText(SPACE_ID)));

/** The default evaluator with other capabilities. */
export const lacking = (scenario: ScriptedRun, changes: Partial<Evaluator['capabilities']>): Evaluator => {
  const evaluator = nativeEvaluator({ workspace: scenario.workspace, clock: fakeClock() });
  return { ...evaluator, capabilities: { ...evaluator.capabilities, ...changes } };
};
