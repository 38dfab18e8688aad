import {
  applyChangeSet,
  readSpace,
  undoChange,
  type ChangePorts,
  type ChangeRecord,
} from '../../src/apply/index.ts';
import { OptimizerError } from '../../src/core/index.ts';
import type { CatalogEdit, PatchPlan } from '../../src/patch-dsl/index.ts';
import type { CatalogSnapshot } from '../../src/ports/index.ts';
import { Draft, parseSpace, serializeSpace, type Space } from '../../src/spaces/index.ts';
import { fakeClock, memoryFileStore } from '../../src/testing/index.ts';

export const SPACE_ID = 'space-1';

/** What happens at an effect: its request is lost, or its answer is; the process goes on, or is dead from there on. */
export const FAULTS = ['request lost', 'answer lost', 'killed before', 'killed after'] as const;
export type Fault = (typeof FAULTS)[number];

/**
 * A space, a catalog and files in memory, with a fault at one effect.
 *
 * A fake: it understands the statements of the plan it was given and no others.
 */
export function faultWorld(start: {
  readonly space: Space;
  readonly catalog: CatalogSnapshot;
  readonly files: Readonly<Record<string, string>>;
  readonly plan: PatchPlan;
}) {
  let text = serializeSpace(start.space);
  let catalog = start.catalog;
  let version = 0;
  const files = new Map(Object.entries(start.files));
  const journal: { record: ChangeRecord | null } = { record: null };
  const edits = start.plan.patches.flatMap(({ steps }) =>
    steps.filter((step): step is CatalogEdit => step.kind === 'catalog'),
  );

  function execute(sql: string): void {
    const forward = edits.find((edit) => edit.sql === sql);
    const edit = forward ?? edits.find((candidate) => candidate.inverse_sql === sql);
    if (edit === undefined) throw new OptimizerError(`Not a statement of the plan: ${sql}`, { code: 'TEST' });
    const draft = new Draft(catalog);
    draft.write(edit.path, forward === undefined ? edit.from : edit.to, draft.read(edit.path));
    catalog = draft.current;
  }

  /** Fresh ports, as a new process has them; effects are counted from 1. */
  function ports(fault: { readonly at: number; readonly kind: Fault } | null = null) {
    const counted = { effects: 0 };
    let isDead = false;
    const effect = async (work: () => void): Promise<void> => {
      const dead = new OptimizerError('The process is gone.', { code: 'KILLED' });
      if (isDead) throw dead;
      counted.effects++;
      const isHit = counted.effects === fault?.at;
      if (isHit && fault.kind.startsWith('killed')) isDead = true;
      if (isHit && (fault.kind === 'request lost' || fault.kind === 'killed before')) throw dead;
      work();
      if (isHit) throw dead;
    };
    const alive = (): void => {
      if (isDead) throw new OptimizerError('The process is gone.', { code: 'KILLED' });
    };
    const space = () => ({
      spaceId: SPACE_ID,
      title: 'A space',
      description: null,
      warehouseId: 'w',
      serializedSpace: text,
      etag: String(version),
    });
    const store = memoryFileStore();
    const changePorts: ChangePorts = {
      genie: {
        listSpaces: async () => [space()],
        getSpace: async () => (alive(), space()),
        updateSpace: async (_id, { serializedSpace, etag }) => {
          if (etag !== undefined && etag !== null && etag !== String(version))
            throw new OptimizerError('The space changed since it was read.', { code: 'SPACE_CONFLICT' });
          await effect(() => {
            text = serializeSpace(parseSpace(serializedSpace));
            version++;
          });
          return space();
        },
        createSpace: async () => space(),
        trashSpace: async () => undefined,
        ask: () => Promise.reject(new OptimizerError('Nobody asks here.', { code: 'TEST' })),
      },
      sql: {
        execute: async (sql) => {
          await effect(() => execute(sql));
          return { statementId: null, columns: [], rows: [], truncated: false };
        },
        resultOf: () => Promise.reject(new OptimizerError('No results here.', { code: 'TEST' })),
      },
      catalog: { snapshot: async () => (alive(), catalog) },
      files: {
        ...store,
        read: async (path) => (alive(), files.get(path) ?? null),
        write: (path, content) => effect(() => void files.set(path, content)),
        remove: (path) => effect(() => void files.delete(path)),
      },
      clock: fakeClock(),
    };
    const save = async (record: ChangeRecord): Promise<void> => {
      alive();
      journal.record = structuredClone(record);
    };
    return { ports: changePorts, save, counted };
  }

  return {
    ports,
    journal,
    state: () => ({ text, catalog, files: Object.fromEntries(files) }),
    editElsewhere: (edit: (space: Space) => Space) => {
      text = serializeSpace(edit(parseSpace(text)));
      version++;
    },
    /** Somebody else's comment on a table. */
    editCatalog: (table: string, comment: string) => {
      const tables = catalog.tables.map((each) => (each.name === table ? { ...each, comment } : each));
      catalog = { ...catalog, tables };
    },
    editFile: (path: string, content: string) => void files.set(path, content),
    /** Applies the plan with one fault, then does what a new process would do first. */
    async disturbed(
      fault: { readonly at: number; readonly kind: Fault } | null,
      fileEdits: ChangeRecord['files'],
    ) {
      const first = ports(fault);
      const from = await readSpace(first.ports.genie, SPACE_ID);
      const failure = await applyChangeSet(
        { change_id: 'c1', spaceId: SPACE_ID, from, plan: start.plan, files: fileEdits },
        first.ports,
        { save: first.save },
      ).then(
        () => null,
        (error: unknown) => error,
      );
      const { record } = journal;
      if (record !== null && record.state !== 'verified') {
        const second = ports();
        await undoChange(record, second.ports, { save: second.save });
      }
      return { failure, effects: first.counted.effects };
    },
  };
}
