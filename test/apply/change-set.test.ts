import { describe, expect, it } from 'vitest';
import {
  applyChangeSet,
  changeRecordSchema,
  isUnfinished,
  readSpace,
  undoChange,
  type ChangePorts,
  type ChangeRecord,
} from '../../src/apply/index.ts';
import {
  makePatch,
  PATCH_DEFINITIONS,
  planPatchSet,
  type Patch,
  type PatchType,
} from '../../src/patch-dsl/index.ts';
import { toTextLines, type Space } from '../../src/spaces/index.ts';
import { ANYTHING_GOES, sampleOf, SNAPSHOT } from '../patch-dsl/sample-world.ts';
import { FAULTS, faultWorld, SPACE_ID } from './fault-world.ts';

const FILES = { 'src/space.json': 'before' };
const FILE_EDITS: ChangeRecord['files'] = [
  { path: 'src/space.json', before: 'before', after: 'after' },
  { path: 'src/new.sql', before: null, after: 'created' },
];

function worldOf(patches: readonly Patch[]) {
  const planned = planPatchSet(SNAPSHOT, patches, ANYTHING_GOES);
  if (!planned.ok) throw new Error(JSON.stringify(planned.errors));
  return { plan: planned.plan, world: faultWorld({ ...SNAPSHOT, files: FILES, plan: planned.plan }) };
}

const TYPES = Object.keys(PATCH_DEFINITIONS) as PatchType[];

describe.each(TYPES)('a change by %s', (type) => {
  it('leaves the world before or after, whatever fails at whichever effect', async () => {
    const { plan, world: undisturbed } = worldOf([sampleOf(type) as Patch]);
    const before = undisturbed.state();
    const { failure, effects } = await undisturbed.disturbed(null, FILE_EDITS);
    const after = undisturbed.state();
    expect(failure).toBeNull();
    expect(effects).toBeGreaterThanOrEqual(FILE_EDITS.length + 1);
    expect(after).not.toEqual(before);

    for (const kind of FAULTS) {
      for (let at = 1; at <= effects; at++) {
        const world = faultWorld({ ...SNAPSHOT, files: FILES, plan });
        const result = await world.disturbed({ at, kind }, FILE_EDITS);
        expect(result.failure, `${kind} at effect ${at}`).not.toBeNull();
        expect(world.state(), `${kind} at effect ${at}`).toEqual(before);
        expect(world.journal.record?.state).toBe('undone');
      }
    }
  });
});

describe('applying a change set', () => {
  const patches = [
    makePatch('add_instruction', { text: 'Weeks begin on Monday.' }, { id: 'P001' }),
    makePatch(
      'update_table_comment',
      { target: 'main.sales.orders', new_text: 'One row per order.' },
      { id: 'P002' },
    ),
  ];

  it('stores the whole record before the first effect', async () => {
    const { plan, world } = worldOf(patches);
    const { ports, counted } = world.ports();
    const saves: { state: string; effects: number }[] = [];
    const from = await readSpace(ports.genie, SPACE_ID);
    const { record } = await applyChangeSet(
      { change_id: 'c1', spaceId: SPACE_ID, from, plan, files: FILE_EDITS },
      ports,
      {
        save: async (saved) => void saves.push({ state: saved.state, effects: counted.effects }),
      },
    );
    expect(saves[0]).toEqual({ state: 'intended', effects: 0 });
    expect(saves.slice(-2).map(({ state }) => state)).toEqual(['done', 'verified']);
    expect(changeRecordSchema.parse(JSON.parse(JSON.stringify(record)))).toEqual(record);
    expect(isUnfinished(record)).toBe(false);
  });

  it('can be undone later, and again', async () => {
    const { world } = worldOf(patches);
    const before = world.state();
    await world.disturbed(null, FILE_EDITS);
    const { ports, save } = world.ports();
    const record = world.journal.record as ChangeRecord;
    const undone = await undoChange(record, ports, { save });
    expect(world.state()).toEqual(before);
    expect(await undoChange(undone, ports, { save })).toBe(undone);
    expect(await undoChange(record, ports, { save })).toMatchObject({ state: 'undone' });
    expect(world.state()).toEqual(before);
  });

  const renamed = (space: Space) => ({
    ...space,
    config: { ...space.config, sample_questions: [{ id: 'f'.repeat(32), question: ['What sells best?'] }] },
  });

  it('keeps the edit that somebody else made meanwhile to another place', async () => {
    const { plan, world } = worldOf(patches);
    const { ports, save } = world.ports();
    const from = await readSpace(ports.genie, SPACE_ID);
    world.editElsewhere(renamed);
    const foreign = world.state().text;
    const { record, state } = await applyChangeSet(
      { change_id: 'c1', spaceId: SPACE_ID, from, plan },
      ports,
      { save },
    );
    expect(record.merged).toBe(true);
    expect(state.text).toContain('What sells best?');
    expect(state.text).toContain('Weeks begin on Monday.');
    await undoChange(record, ports, { save });
    expect(world.state().text).toBe(foreign);
  });

  it('writes nothing when the same place was edited, and says where', async () => {
    const { plan, world } = worldOf(patches);
    const { ports, save } = world.ports();
    const from = await readSpace(ports.genie, SPACE_ID);
    world.editElsewhere((space) => ({
      ...space,
      instructions: {
        ...space.instructions,
        text_instructions: [{ id: 'e'.repeat(32), content: toTextLines('Something else.') }],
      },
    }));
    const foreign = world.state();
    await expect(
      applyChangeSet({ change_id: 'c1', spaceId: SPACE_ID, from, plan, files: FILE_EDITS }, ports, { save }),
    ).rejects.toMatchObject({ code: 'SPACE_EDITED_ELSEWHERE', cause: { code: 'PLAN_MISMATCH' } });
    expect(world.state()).toEqual(foreign);
  });

  it('writes nothing when what it changes is part of something that somebody else removed', async () => {
    const names = makePatch('add_synonym', {
      table: 'main.sales.orders',
      column: 'o_clerk',
      synonym: 'seller',
    });
    const { plan, world } = worldOf([names]);
    const { ports, save } = world.ports();
    const from = await readSpace(ports.genie, SPACE_ID);
    world.editElsewhere((space) => ({
      ...space,
      data_sources: {
        ...space.data_sources,
        tables: (space.data_sources?.tables ?? []).filter(
          ({ identifier }) => identifier !== 'main.sales.orders',
        ),
      },
    }));
    const foreign = world.state();
    await expect(
      applyChangeSet({ change_id: 'c1', spaceId: SPACE_ID, from, plan }, ports, { save }),
    ).rejects.toMatchObject({ code: 'SPACE_EDITED_ELSEWHERE' });
    expect(world.state()).toEqual(foreign);
  });

  it('stops at any edit of somebody else when told to', async () => {
    const { plan, world } = worldOf(patches);
    const { ports, save } = world.ports();
    const from = await readSpace(ports.genie, SPACE_ID);
    world.editElsewhere(renamed);
    const foreign = world.state();
    await expect(
      applyChangeSet({ change_id: 'c1', spaceId: SPACE_ID, from, plan }, ports, {
        save,
        onConcurrentEdit: 'stop',
      }),
    ).rejects.toMatchObject({ code: 'SPACE_EDITED_ELSEWHERE' });
    expect(world.state()).toEqual(foreign);
  });

  /** Somebody saves the space right after it was read, so many times. */
  function savedBetween(world: ReturnType<typeof worldOf>['world'], ports: ChangePorts, times: number) {
    let left = times;
    const getSpace: typeof ports.genie.getSpace = async (...args) => {
      const found = await ports.genie.getSpace(...args);
      if (left-- > 0)
        world.editElsewhere((space) => ({
          ...space,
          config: {
            ...space.config,
            sample_questions: [
              ...(space.config?.sample_questions ?? []),
              { id: `f${left}`.padEnd(32, '0'), question: [`Question ${left}?`] },
            ],
          },
        }));
      return found;
    };
    return { ...ports, genie: { ...ports.genie, getSpace } };
  }

  it.each([1, 2])('merges what somebody saved between reading and writing, %i times', async (times) => {
    const { plan, world } = worldOf(patches);
    const { ports, save } = world.ports();
    const from = await readSpace(ports.genie, SPACE_ID);
    const busy = savedBetween(world, ports, times);
    const change = { change_id: 'c1', spaceId: SPACE_ID, from, plan, files: FILE_EDITS };
    const { record, state } = await applyChangeSet(change, busy, { save });
    expect(record).toMatchObject({ state: 'verified', merged: true });
    expect(state.space.config?.sample_questions).toHaveLength(
      times + (from.space.config?.sample_questions ?? []).length,
    );
    expect(state.text).toContain('Weeks begin on Monday.');
  });

  it('gives up, with nothing left behind, when somebody saves the space again and again', async () => {
    const { plan, world } = worldOf(patches);
    const before = world.state();
    const { ports, save } = world.ports();
    const from = await readSpace(ports.genie, SPACE_ID);
    // The last try reads, is refused, and lets go; what is undone then is read in peace.
    const busy = savedBetween(world, ports, 8);
    const change = { change_id: 'c1', spaceId: SPACE_ID, from, plan, files: FILE_EDITS };
    await expect(applyChangeSet(change, busy, { save })).rejects.toMatchObject({
      code: expect.stringMatching(/^SPACE_(CONFLICT|EDITED_ELSEWHERE)$/) as string,
    });
    expect(world.state().text).not.toContain('Weeks begin on Monday.');
    expect(world.state()).toMatchObject({ catalog: before.catalog, files: before.files });
    expect(world.journal.record?.state).toBe('undone');
  });

  it('keeps what somebody saved between reading and writing while a change is undone', async () => {
    const { world } = worldOf(patches);
    const before = world.state();
    await world.disturbed(null, FILE_EDITS);
    const { ports, save } = world.ports();
    await undoChange(world.journal.record as ChangeRecord, savedBetween(world, ports, 2), { save });
    expect(world.state().text).toContain('Question 1?');
    expect(world.state().text).toContain('Question 0?');
    expect(world.state().text).not.toContain('Weeks begin on Monday.');
    expect(world.state()).toMatchObject({ catalog: before.catalog, files: before.files });
  });

  it('keeps an edit made after the change when the change is undone', async () => {
    const { world } = worldOf(patches);
    const before = world.state();
    await world.disturbed(null, []);
    world.editElsewhere(renamed);
    const { ports, save } = world.ports();
    await undoChange(world.journal.record as ChangeRecord, ports, { save });
    expect(world.state().text).toContain('What sells best?');
    expect(world.state().text).not.toContain('Weeks begin on Monday.');
    expect(world.state().catalog).toEqual(before.catalog);
  });

  it('writes nothing at all when a file was edited meanwhile', async () => {
    const { plan, world } = worldOf(patches);
    const before = world.state();
    const { ports, save, counted } = world.ports();
    const from = await readSpace(ports.genie, SPACE_ID);
    world.editFile('src/space.json', 'mine');
    await expect(
      applyChangeSet({ change_id: 'c1', spaceId: SPACE_ID, from, plan, files: FILE_EDITS }, ports, { save }),
    ).rejects.toMatchObject({ code: 'FILE_EDITED_ELSEWHERE', details: { path: 'src/space.json' } });
    expect(counted.effects).toBe(0);
    expect(world.state()).toEqual({ ...before, files: { 'src/space.json': 'mine' } });
    expect(world.journal.record).toMatchObject({ state: 'undone', refused: true });
  });

  it('takes everything back when a file is edited while the space is written, and leaves that file alone', async () => {
    const { plan, world } = worldOf(patches);
    const before = world.state();
    const { ports, save } = world.ports();
    const from = await readSpace(ports.genie, SPACE_ID);
    await expect(
      applyChangeSet({ change_id: 'c1', spaceId: SPACE_ID, from, plan, files: FILE_EDITS }, ports, {
        save: async (record) => {
          await save(record);
          if (record.progress.space === 'done') world.editFile('src/space.json', 'mine');
        },
      }),
    ).rejects.toMatchObject({ code: 'FILE_EDITED_ELSEWHERE' });
    expect(world.state()).toEqual({ ...before, files: { 'src/space.json': 'mine' } });
  });

  it('writes nothing when somebody edited a text of Unity Catalog that it changes, and names it', async () => {
    const { plan, world } = worldOf(patches);
    const { ports, save, counted } = world.ports();
    const from = await readSpace(ports.genie, SPACE_ID);
    world.editCatalog('main.sales.orders', 'Their comment.');
    const foreign = world.state();
    await expect(
      applyChangeSet({ change_id: 'c1', spaceId: SPACE_ID, from, plan, files: FILE_EDITS }, ports, { save }),
    ).rejects.toMatchObject({
      code: 'CATALOG_EDITED_ELSEWHERE',
      message: expect.stringContaining('main.sales.orders') as string,
    });
    expect(counted.effects).toBe(0);
    expect(world.state()).toEqual(foreign);
  });

  it('keeps the comment that somebody wrote over that of a change when the change is undone, and says so', async () => {
    const { world } = worldOf(patches);
    const before = world.state();
    await world.disturbed(null, FILE_EDITS);
    world.editCatalog('main.sales.orders', 'Their comment.');
    const { catalog: foreign } = world.state();
    const { ports, save } = world.ports();
    await expect(undoChange(world.journal.record as ChangeRecord, ports, { save })).rejects.toMatchObject({
      code: 'CHANGE_NOT_UNDONE',
      details: {
        failures: [
          { object: 'main.sales.orders', message: expect.stringContaining('somebody else') as string },
        ],
      },
    });
    expect(world.state()).toEqual({ ...before, catalog: foreign });
  });

  it('keeps a comment that somebody wrote at another place, whether the change is made or undone', async () => {
    const { plan, world } = worldOf(patches);
    const { ports, save } = world.ports();
    const from = await readSpace(ports.genie, SPACE_ID);
    world.editCatalog('main.sales.customers', 'Their comment.');
    const { catalog: foreign } = world.state();
    const change = { change_id: 'c1', spaceId: SPACE_ID, from, plan };
    const { record } = await applyChangeSet(change, ports, { save });
    expect(JSON.stringify(world.state().catalog)).toContain('Their comment.');
    await undoChange(record, ports, { save });
    expect(world.state().catalog).toEqual(foreign);
  });

  it('does not undo statements blindly while Unity Catalog cannot be read', async () => {
    const { world } = worldOf(patches);
    await world.disturbed(null, []);
    const after = world.state();
    const { ports, save } = world.ports();
    const record = world.journal.record as ChangeRecord;
    const blind = { ...ports, catalog: { snapshot: () => Promise.reject(new RangeError('no answer')) } };
    await expect(undoChange(record, blind, { save })).rejects.toMatchObject({ code: 'CHANGE_NOT_UNDONE' });
    expect(world.state().catalog).toEqual(after.catalog);
    await expect(undoChange(record, ports, { save })).resolves.toMatchObject({ state: 'undone' });
  });

  it('takes everything back when Unity Catalog does not show what was written', async () => {
    const { plan, world } = worldOf(patches);
    const before = world.state();
    const { ports, save } = world.ports();
    const from = await readSpace(ports.genie, SPACE_ID);
    const blind = { ...ports, catalog: { snapshot: async () => SNAPSHOT.catalog } };
    await expect(
      applyChangeSet({ change_id: 'c1', spaceId: SPACE_ID, from, plan }, blind, { save }),
    ).rejects.toMatchObject({ code: 'CATALOG_VERIFICATION' });
    expect(world.state()).toEqual(before);
  });

  it('waits a moment for Unity Catalog to show what was written', async () => {
    const { plan, world } = worldOf(patches);
    const { ports, save } = world.ports();
    const from = await readSpace(ports.genie, SPACE_ID);
    let reads = 0;
    const late = {
      snapshot: (...given: Parameters<typeof ports.catalog.snapshot>) =>
        (reads += 1) <= 3 ? Promise.resolve(SNAPSHOT.catalog) : ports.catalog.snapshot(...given),
    };
    const startedAt = ports.clock.now().getTime();
    const change = { change_id: 'c1', spaceId: SPACE_ID, from, plan };
    const { record } = await applyChangeSet(change, { ...ports, catalog: late }, { save });
    expect([record.state, reads]).toEqual(['verified', 4]);
    expect(ports.clock.now().getTime() - startedAt).toBe(3000);
  });

  it('takes everything back where the service keeps another spelling of what was written', async () => {
    const { plan, world } = worldOf(patches);
    const before = world.state();
    const { ports, save } = world.ports();
    const from = await readSpace(ports.genie, SPACE_ID);
    const written = JSON.stringify(plan.patches.flatMap(({ steps }) => steps.map(({ to }) => to)));
    // What the change wrote reads back with a mark that nobody sent.
    const respelt = {
      snapshot: async (...given: Parameters<typeof ports.catalog.snapshot>) =>
        JSON.parse(JSON.stringify(await ports.catalog.snapshot(...given)), (key, value: unknown) =>
          key === 'comment' && typeof value === 'string' && written.includes(JSON.stringify(value))
            ? `${value} (checked)`
            : value,
        ) as Awaited<ReturnType<typeof ports.catalog.snapshot>>,
    };
    await expect(
      applyChangeSet(
        { change_id: 'c1', spaceId: SPACE_ID, from, plan },
        { ...ports, catalog: respelt },
        { save },
      ),
    ).rejects.toMatchObject({ code: 'CATALOG_VERIFICATION' });
    expect(world.state()).toEqual(before);
  });

  it('leaves nothing behind when it is cancelled half-way', async () => {
    const { plan, world } = worldOf(patches);
    const before = world.state();
    const { ports, save } = world.ports();
    const from = await readSpace(ports.genie, SPACE_ID);
    const cancel = new AbortController();
    await expect(
      applyChangeSet({ change_id: 'c1', spaceId: SPACE_ID, from, plan, files: FILE_EDITS }, ports, {
        signal: cancel.signal,
        save: async (record) => {
          await save(record);
          if (record.progress.space === 'done') cancel.abort();
        },
      }),
    ).rejects.toThrow();
    expect(world.state()).toEqual(before);
  });
});
