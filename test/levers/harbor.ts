import { clusterFailures, type AsiRecord } from '../../src/asi/index.ts';
import type { Split } from '../../src/benchmarks/index.ts';
import {
  proposeAll,
  type ProposalInput,
  type ProposalResult,
  type ProposalRow,
} from '../../src/levers/index.ts';
import type { CatalogFunction, CatalogSnapshot, CatalogTable } from '../../src/ports/index.ts';
import type { Space } from '../../src/spaces/index.ts';
import { analyzeSql } from '../../src/sql/index.ts';

/** An invented shipping port: vessels call at berths, discharge cargo and pay fees. */
const table = (
  name: string,
  columns: Readonly<Record<string, string>>,
  more: Partial<CatalogTable> = {},
): CatalogTable => ({
  name: `harbor.ops.${name}`,
  kind: 'table',
  comment: null,
  tags: {},
  columns: Object.entries(columns).map(([column, type]) => ({ name: column, type, comment: null, tags: {} })),
  primaryKey: [],
  foreignKeys: [],
  definition: null,
  ...more,
});

export const METRICS_YAML = `version: "1.1"
source: harbor.ops.calls
dimensions:
  - name: call_state
    expr: st
measures:
  - name: gross_dues
    expr: SUM(dues)
`;

const callsFunction: CatalogFunction = {
  name: 'harbor.ops.get_calls',
  comment: 'PURPOSE: Calls of one berth.',
  parameters: [
    { name: 'from_day', type: 'STRING', defaultValue: null, comment: null },
    { name: 'berth', type: 'STRING', defaultValue: 'NULL', comment: null },
  ],
  returns: [{ name: 'call_no', type: 'BIGINT' }],
  body: 'SELECT call_no FROM harbor.ops.calls WHERE arr >= from_day',
};

export const harborCatalog: CatalogSnapshot = {
  tables: [
    table('calls', {
      call_no: 'BIGINT',
      ship_no: 'BIGINT',
      berth_no: 'BIGINT',
      st: 'STRING',
      cargo_t: 'DECIMAL(12,2)',
      dues: 'DECIMAL(12,2)',
      rebate: 'DECIMAL(4,3)',
      arr: 'DATE',
      dep: 'DATE',
    }),
    table(
      'ships',
      { ship_no: 'BIGINT', label: 'STRING', flag: 'STRING', grp: 'STRING' },
      { primaryKey: ['ship_no'] },
    ),
    table('berths', { berth_no: 'BIGINT', label: 'STRING', basin: 'STRING' }, { primaryKey: ['berth_no'] }),
    table(
      'call_metrics',
      { call_state: 'STRING', gross_dues: 'DECIMAL(12,2)' },
      { kind: 'metric_view', definition: METRICS_YAML },
    ),
    table('ship_predictions', { ship_no: 'BIGINT', late_risk: 'DOUBLE' }),
    table('calls_drift_metrics', { window: 'STRING', drift_score: 'DOUBLE' }),
  ],
  functions: [callsFunction],
};

export const harborSpace = (): Space => ({
  version: 2,
  data_sources: {
    tables: ['berths', 'calls', 'calls_drift_metrics', 'ship_predictions', 'ships'].map((name) => ({
      identifier: `harbor.ops.${name}`,
    })),
    metric_views: [{ identifier: 'harbor.ops.call_metrics' }],
  },
  instructions: { sql_functions: [{ id: 'a'.repeat(32), identifier: 'harbor.ops.get_calls' }] },
});

/** One asked question: what the key says and what Genie wrote (`same`: the key's statement, null: nothing). */
export interface Asked {
  readonly question: string;
  readonly expected: string;
  readonly generated: string | null;
  readonly split?: Split;
  readonly expectedAsset?: 'TABLE' | 'MV' | 'TVF';
  readonly actualAsset?: 'TABLE' | 'MV' | 'TVF';
  readonly asi?: readonly Omit<AsiRecord, 'question_id'>[];
}

const KNOWN = harborCatalog.tables.map((item) => ({
  name: item.name,
  columns: item.columns.map((column) => column.name),
}));

/** Table names are written short in the tests; this puts the schema in front. */
const qualified = (sql: string): string =>
  sql.replaceAll(
    /\b(FROM|JOIN)\s+(?=(?:calls|ships|berths|call_metrics|ship_predictions|calls_drift_metrics|get_calls)\b)/g,
    '$1 harbor.ops.',
  );

export async function askedRows(asked: readonly Asked[]): Promise<ProposalRow[]> {
  return Promise.all(
    asked.map(async (item, at): Promise<ProposalRow> => {
      const id = `q${at + 1}`;
      const expected_sql = qualified(item.expected);
      const generated_sql =
        item.generated === 'same' ? expected_sql : item.generated === null ? null : qualified(item.generated);
      return {
        question_id: id,
        question: item.question,
        split: item.split ?? 'train',
        correct: item.generated === 'same',
        expected_asset: item.expectedAsset ?? 'TABLE',
        actual_asset: item.actualAsset ?? item.expectedAsset ?? 'TABLE',
        expected_sql,
        generated_sql,
        asi: (item.asi ?? []).map((record) => ({ ...record, question_id: id })),
        facts: {
          expected: await analyzeSql(expected_sql, { tables: KNOWN }),
          generated: generated_sql === null ? null : await analyzeSql(generated_sql, { tables: KNOWN }),
        },
      };
    }),
  );
}

export async function inputOf(
  asked: readonly Asked[],
  more: Partial<ProposalInput> = {},
): Promise<ProposalInput> {
  const rows = await askedRows(asked);
  const space = more.space ?? harborSpace();
  const catalog = more.catalog ?? harborCatalog;
  const { clusters, longTail } = clusterFailures(rows, { space, catalog });
  return {
    clusters: [...clusters, ...longTail],
    rows,
    space,
    catalog,
    protectedTexts: rows.map((row) => ({
      id: row.question_id,
      question: row.question,
      expected_sql: row.expected_sql,
      split: row.split,
    })),
    ...more,
  };
}

export const propose = async (
  asked: readonly Asked[],
  more: Partial<ProposalInput> = {},
): Promise<ProposalResult> => proposeAll(await inputOf(asked, more));

const ENVELOPE = new Set([
  'id',
  'lever',
  'risk_level',
  'confidence',
  'grounded_in',
  'predicted_affected_questions',
  'source_proposal_id',
  'cluster_id',
  'rationale',
]);

/** Payloads of all patches of a result, without their envelopes, best proposal first. */
export const changesOf = (result: ProposalResult): Record<string, unknown>[] =>
  result.proposals.flatMap((proposal) =>
    proposal.patches.map((patch) =>
      Object.fromEntries(Object.entries(patch).filter(([key]) => !ENVELOPE.has(key))),
    ),
  );
