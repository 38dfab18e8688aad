/** Checks a patch set the way a unit test would: it is valid, it does what it says, and conflicts are found. */
import assert from 'node:assert/strict';
import { parseSpace } from 'genie-optimizer';
import {
  applyPlan,
  findConflicts,
  parsePatchSet,
  planPatchSet,
  validatePatchSet,
} from 'genie-optimizer/patch-dsl';

const space = parseSpace({
  version: 2,
  data_sources: { tables: [{ identifier: 'main.library.loans' }] },
});
const snapshot = { space, catalog: { tables: [], functions: [] } };

// #region test
const patches = parsePatchSet([
  { id: 'P001', type: 'hide_column', table: 'main.library.loans', column: 'internal_note' },
]);
assert.equal(validatePatchSet(patches, snapshot).ok, true);

const planned = planPatchSet(snapshot, patches);
assert.ok(planned.ok);
const [loans] = applyPlan(space, planned.plan).data_sources?.tables ?? [];
assert.deepEqual(loans?.column_configs, [{ column_name: 'internal_note', exclude: true }]);

const contradicting = parsePatchSet([
  ...patches,
  { id: 'P002', type: 'unhide_column', table: 'main.library.loans', column: 'internal_note' },
]);
const [conflict] = findConflicts(contradicting);
assert.deepEqual(conflict?.patchIds, ['P001', 'P002']);
console.log(`Found: ${conflict?.because}`);
// #endregion test
