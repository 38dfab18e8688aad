import { describe, expect, it } from 'vitest';
import {
  applyChangeSet,
  changeRecordSchema,
  isUnfinished,
  readSpace,
  undoChange,
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

  it('takes everything back when a file was edited meanwhile, and leaves that file alone', async () => {
    const { plan, world } = worldOf(patches);
    const before = world.state();
    const { ports, save } = world.ports();
    const from = await readSpace(ports.genie, SPACE_ID);
    world.editFile('src/space.json', 'mine');
    await expect(
      applyChangeSet({ change_id: 'c1', spaceId: SPACE_ID, from, plan, files: FILE_EDITS }, ports, { save }),
    ).rejects.toMatchObject({
      code: 'CHANGE_NOT_UNDONE',
      details: { failures: [{ object: 'src/space.json' }] },
    });
    expect(world.state()).toEqual({ ...before, files: { 'src/space.json': 'mine' } });
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
