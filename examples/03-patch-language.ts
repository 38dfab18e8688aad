/** Uses the patch language alone: plan a change, look at it, apply it, take it back. No network, no workspace. */
import { parseSpace, serializeSpace } from 'genie-optimizer';
import { applyPlan, describePatch, invertPlan, parsePatchSet, planPatchSet } from 'genie-optimizer/patch-dsl';

const space = parseSpace({
  version: 2,
  data_sources: { tables: [{ identifier: 'main.library.loans' }, { identifier: 'main.library.members' }] },
});

// #region plan
const patches = parsePatchSet([
  { id: 'P001', type: 'add_synonym', table: 'main.library.loans', column: 'due_on', synonym: 'return date' },
  { id: 'P002', type: 'add_description', target: 'main.library.members', text: 'One row per library card.' },
]);
for (const patch of patches) console.log(describePatch(patch));

const planned = planPatchSet({ space, catalog: { tables: [], functions: [] } }, patches);
if (!planned.ok) throw new AggregateError(planned.errors.map((error) => error.message));

const changed = applyPlan(space, planned.plan);
const restored = applyPlan(changed, invertPlan(planned.plan));
console.log(planned.plan.diff_lines.join('\n'));
console.log(`Taken back to the byte: ${serializeSpace(restored) === serializeSpace(space)}`);
// #endregion plan
