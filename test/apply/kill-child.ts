/** Applies a change to a real workspace and kills itself, hard, at one effect. Arguments: JSON of the setting. */
import { applyChangeSet, readSpace, type ChangePorts } from '../../src/apply/index.ts';
import { connect, nodeFileStore, systemClock } from '../../src/clients/index.ts';
import { patchPlanSchema } from '../../src/patch-dsl/index.ts';

const setting = JSON.parse(process.argv[2] ?? '{}') as {
  host: string;
  token: string;
  warehouseId: string;
  spaceId: string;
  planPath: string;
  journalPath: string;
  filePath: string;
  killAt: number;
  when: 'before' | 'after';
};
const files = nodeFileStore();
const workspace = await connect(setting);
const plan = patchPlanSchema.parse(JSON.parse((await files.read(setting.planPath)) ?? ''));

let effects = 0;
async function effect<T>(work: () => Promise<T>): Promise<T> {
  const isHit = ++effects === setting.killAt;
  if (isHit && setting.when === 'before') process.kill(process.pid, 'SIGKILL');
  const result = await work();
  if (isHit) process.kill(process.pid, 'SIGKILL');
  return result;
}

const { genie, sql, catalog } = workspace;
const ports: ChangePorts = {
  genie: {
    listSpaces: (options) => genie.listSpaces(options),
    getSpace: (id, options) => genie.getSpace(id, options),
    updateSpace: (id, update, options) => effect(() => genie.updateSpace(id, update, options)),
    createSpace: (space, options) => genie.createSpace(space, options),
    trashSpace: (id, options) => genie.trashSpace(id, options),
    ask: (id, question, options) => genie.ask(id, question, options),
  },
  sql: {
    execute: (statement, options) => effect(() => sql.execute(statement, options)),
    resultOf: (id, options) => sql.resultOf(id, options),
  },
  catalog,
  files: {
    read: (path) => files.read(path),
    write: (path, text) => effect(() => files.write(path, text)),
    remove: (path) => effect(() => files.remove(path)),
  },
  clock: systemClock(),
};
await applyChangeSet(
  {
    change_id: 'killed',
    spaceId: setting.spaceId,
    from: await readSpace(genie, setting.spaceId),
    plan,
    files: [{ path: setting.filePath, before: 'old', after: 'new' }],
  },
  ports,
  { save: (record) => files.write(setting.journalPath, JSON.stringify(record)) },
);
process.stdout.write(String(effects));
