/** Changes a live space and the files it is deployed from as one transaction, then deploys them. */
import { applyChangeSet, connect, deployBundle, planFileEdits, readSpace } from 'genie-optimizer';
import { systemClock } from 'genie-optimizer/clients';
import { startLocalWorkspace } from 'genie-optimizer/local';
import { makePatch, planPatchSet } from 'genie-optimizer/patch-dsl';
import { memoryFileStore } from 'genie-optimizer/testing';

const local = await startLocalWorkspace({ sample: 'tpch' });
const { genie, sql, catalog } = await connect(local); // or: await connect({ profile: 'dev' })
const from = await readSpace(genie, local.spaceId);
const snapshot = await catalog.snapshot({ tables: ['samples.tpch.nation'], functions: [] });

// The files of a repository, with placeholders; on disk: nodeFileStore() of genie-optimizer/clients.
const SPACE = 'src/tpch.geniespace.json';
const files = memoryFileStore({
  [SPACE]: JSON.stringify(JSON.parse(from.text), null, 2).replaceAll('samples.tpch.', '${catalog}.tpch.'),
  'gold/nation.yaml': '# owned by the data team\ntable_name: nation\ncomment:   # see below\ncolumns: []\n',
});

// #region files
const patch = makePatch('update_table_comment', {
  target: 'samples.tpch.nation',
  new_text: 'One row per nation of the world.',
});
const planned = planPatchSet({ space: from.space, catalog: snapshot }, [patch], { descriptionsIn: 'both' });
if (!planned.ok) throw new AggregateError(planned.errors.map(({ message }) => message));

const edits = await planFileEdits(planned.plan, {
  files,
  space: SPACE,
  tables: 'gold',
  variables: { catalog: 'samples' },
  persist: 'required', // a change without a file is an error, before anything is written
});
await applyChangeSet(
  { change_id: 'nations', spaceId: local.spaceId, from, plan: planned.plan, files: edits.files },
  { genie, sql, catalog, files, clock: systemClock() },
  { save: async () => undefined }, // keep the record in a file: it is all that is needed to undo
);
for (const { object, path, status } of edits.effects) console.log(`${object}: ${status} in ${path}`);
// #endregion files
console.log(files.texts.get('gold/nation.yaml'));

const done = async () => undefined;
const bundles = { validate: done, deploy: done, run: done, resources: async () => [], generateSpace: done };
// #region deploy
const report = await deployBundle(
  { bundles, files, clock: systemClock() }, // bundles: new BundleClient({ folder: '.', profile: 'dev' })
  { target: 'dev', job: 'genie_spaces_deployment_job', sourceFile: SPACE },
);
console.log(report.status, report.escalation?.recommendation ?? '');
// #endregion deploy
await local.close();
