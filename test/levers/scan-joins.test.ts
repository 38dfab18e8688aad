import { describe, expect, it } from 'vitest';
import { scanSpace } from '../../src/levers/index.ts';
import { planPatchSet } from '../../src/patch-dsl/index.ts';
import type { CatalogSnapshot } from '../../src/ports/index.ts';
import { harborCatalog, harborSpace } from './harbor.ts';

/** The harbor where a call begins at one berth and ends at another, and predictions know their ship. */
const catalog: CatalogSnapshot = {
  ...harborCatalog,
  tables: harborCatalog.tables.map((table) => {
    const refersTo = (column: string, name: string, key: string) => ({
      columns: [column],
      referencedTable: `harbor.ops.${name}`,
      referencedColumns: [key],
    });
    if (table.name.endsWith('.calls'))
      return {
        ...table,
        foreignKeys: ['berth_no', 'call_no'].map((column) => refersTo(column, 'berths', 'berth_no')),
      };
    return table.name.endsWith('.ship_predictions')
      ? { ...table, foreignKeys: [refersTo('ship_no', 'ships', 'ship_no')] }
      : table;
  }),
};

const joinsFound = async (space = harborSpace()) => {
  const { findings } = await scanSpace(space, { catalog });
  return findings.filter(({ check, severity }) => check === 'missing_joins' && severity === 'warning');
};

describe('joins that a scan misses', () => {
  it('are one for each key between two tables, and all fit into one plan', async () => {
    const found = (await joinsFound()).filter(({ where }) => where.includes('harbor.ops.berths'));
    expect(found.map(({ message }) => /by (\w+) =/.exec(message)?.[1])).toEqual(['berth_no', 'call_no']);
    const plan = planPatchSet(
      { space: harborSpace(), catalog },
      found.flatMap(({ patches }) => patches),
      { maxObjects: null, maxPatches: null },
    );
    expect(plan).toMatchObject({ ok: true });
    expect(found.flatMap(({ patches }) => patches)).toMatchObject([
      { join_spec: { right: { alias: 'berths_berth_no' } } },
      { join_spec: { right: { alias: 'berths_call_no' } } },
    ]);
  });

  it('are those keys of several that no join uses', async () => {
    const space = harborSpace();
    Object.assign(space.instructions ?? {}, {
      join_specs: [
        {
          id: 'c'.repeat(32),
          left: { identifier: 'harbor.ops.calls', alias: 'calls' },
          right: { identifier: 'harbor.ops.berths', alias: 'berths' },
          sql: ['`calls`.`berth_no` = `berths`.`berth_no`', '--rt=FROM_RELATIONSHIP_TYPE_MANY_TO_ONE--'],
        },
      ],
    });
    const found = (await joinsFound(space)).filter(({ where }) => where.includes('harbor.ops.berths'));
    expect(found.map(({ message }) => message)).toEqual([
      'harbor.ops.calls refers to harbor.ops.berths by call_no = berth_no, and the space has no such join.',
    ]);
  });

  it('are mended under the lever of the table they touch', async () => {
    const patches = (await joinsFound()).flatMap((finding) => finding.patches);
    const [mine] = patches.filter((patch) => JSON.stringify(patch).includes('ship_predictions'));
    expect(mine?.lever).toBe(5);
    const plan = planPatchSet({ space: harborSpace(), catalog }, patches, {
      maxObjects: null,
      maxPatches: null,
    });
    expect(JSON.stringify(plan)).not.toContain('belongs to lever');
  });
});
