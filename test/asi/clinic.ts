import type { CatalogSnapshot, CatalogTable } from '../../src/ports/index.ts';
import type { Space } from '../../src/spaces/index.ts';
import type { SqlFacts } from '../../src/sql/index.ts';

/** A small veterinary clinic: two tables, a metric view and a function. */
const table = (
  name: string,
  columns: readonly (readonly [string, string])[],
  kind: CatalogTable['kind'] = 'table',
): CatalogTable => ({
  name,
  kind,
  comment: null,
  tags: {},
  columns: columns.map(([column, type]) => ({ name: column, type, comment: null, tags: {} })),
  primaryKey: [],
  foreignKeys: [],
  definition: null,
});

export const clinicCatalog: CatalogSnapshot = {
  tables: [
    table('vet.care.animals', [
      ['animal_id', 'BIGINT'],
      ['species', 'STRING'],
      ['born_on', 'DATE'],
    ]),
    table('vet.care.visits', [
      ['visit_id', 'BIGINT'],
      ['animal_id', 'BIGINT'],
      ['fee', 'DECIMAL(10,2)'],
      ['updated_col', 'STRING'],
    ]),
    table(
      'vet.care.visit_metrics',
      [
        ['total_fee', 'DECIMAL(10,2)'],
        ['visit_day', 'DATE'],
      ],
      'metric_view',
    ),
  ],
  functions: [
    {
      name: 'vet.care.get_visits',
      comment: null,
      parameters: [{ name: 'from_day', type: 'STRING', defaultValue: null, comment: null }],
      returns: [],
      body: null,
    },
  ],
};

export const clinicSpace: Space = {
  version: 2,
  data_sources: {
    tables: [{ identifier: 'vet.care.animals' }, { identifier: 'vet.care.visits' }],
    metric_views: [{ identifier: 'vet.care.visit_metrics' }],
  },
};

/** Facts of a parsed statement with the given parts. */
export const facts = (parts: Partial<SqlFacts> = {}): SqlFacts => ({
  sql: '',
  engine: 'ast',
  degradedReason: null,
  tables: [],
  columns: [],
  joins: [],
  predicates: [],
  aggregates: [],
  projections: [],
  groupBy: [],
  orderBy: [],
  limit: null,
  distinct: false,
  functions: [],
  measures: [],
  ctes: [],
  setOperation: false,
  ...parts,
});

export const tables = (...names: string[]): SqlFacts['tables'] =>
  names.map((name) => ({ name, alias: null, kind: 'table', args: [] }));
