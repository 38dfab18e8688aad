/** Applies patches to a live space as one transaction, and takes them back. */
import { applyChangeSet, connect, readSpace, undoChange, type ChangeRecord } from 'genie-optimizer';
import { nodeFileStore, systemClock } from 'genie-optimizer/clients';
import { startLocalWorkspace } from 'genie-optimizer/local';
import { makePatch, planPatchSet } from 'genie-optimizer/patch-dsl';

const local = await startLocalWorkspace({ sample: 'tpch' });
const { genie, sql, catalog } = await connect(local); // or: await connect({ profile: 'dev' })

// #region change
const from = await readSpace(genie, local.spaceId);
const snapshot = await catalog.snapshot({ tables: ['samples.tpch.nation'], functions: [] });
const planned = planPatchSet({ space: from.space, catalog: snapshot }, [
  makePatch('update_table_comment', { target: 'samples.tpch.nation', new_text: 'One row per nation.' }),
]);
if (!planned.ok) throw new AggregateError(planned.errors.map(({ message }) => message));

let journal: ChangeRecord | null = null; // keep it in a file: it is all that is needed to undo
const ports = { genie, sql, catalog, files: nodeFileStore(), clock: systemClock() };
const save = async (record: ChangeRecord) => void (journal = record);
const { record } = await applyChangeSet(
  { change_id: 'comment-on-nation', spaceId: local.spaceId, from, plan: planned.plan },
  ports,
  { save },
);
console.log(record.state, record.plan.diff_lines);

await undoChange(record, ports, { save });
// #endregion change

const after = await readSpace(genie, local.spaceId);
console.log(`As before: ${after.hash === from.hash}`, (journal as ChangeRecord | null)?.state);
await local.close();
