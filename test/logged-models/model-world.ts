import {
  createGenieModelVersion,
  EMPTY_METADATA,
  type MetadataRow,
  type NewModelVersion,
  type UcMetadata,
} from '../../src/logged-models/index.ts';
import { OptimizerError } from '../../src/core/index.ts';
import type { SqlPort, StatementResult } from '../../src/ports/index.ts';
import { type MemoryMlflow } from './memory-mlflow.ts';

export const SPACE = JSON.stringify({
  version: 2,
  data_sources: {
    tables: [{ identifier: 'main.sales.orders' }, { identifier: 'main.sales.parts' }],
    metric_views: [{ identifier: 'main.metrics.revenue' }],
  },
  instructions: {
    text_instructions: [{ id: '0'.repeat(32), content: ['Answer in euro.\n', 'Use fiscal years.'] }],
    sql_functions: [{ id: '1'.repeat(32), identifier: 'main.sales.top_parts' }],
  },
});

/** A warehouse that answers from lists, one per view of the information schema. */
export function warehouse(rows: Readonly<Record<string, readonly Record<string, string | null>[]>> = {}) {
  const statements: { sql: string; parameters: unknown }[] = [];
  const sql: SqlPort = {
    execute: async (statement, options) => {
      statements.push({ sql: statement, parameters: options?.parameters });
      const view = /information_schema\.(\w+)/.exec(statement)?.[1] ?? '';
      const found = rows[view] ?? [];
      const names = Object.keys(found[0] ?? { none: null });
      return {
        statementId: null,
        truncated: false,
        columns: names.map((name) => ({ name, typeName: 'STRING', typeText: 'STRING' })),
        rows: found.map((row) => names.map((name) => row[name] ?? null)),
      } satisfies StatementResult;
    },
    resultOf: () => Promise.reject(new OptimizerError('No statement.', { code: 'NOT_FOUND' })),
  };
  return { sql, statements };
}

export const version = (changes: Partial<NewModelVersion> = {}): NewModelVersion => ({
  experimentId: '1',
  sessionId: 'run_1',
  spaceId: 's1',
  config: {
    spaceId: 's1',
    title: 'Sales',
    description: null,
    warehouseId: 'w1',
    serializedSpace: SPACE,
    etag: 'e1',
  },
  iteration: 2,
  domain: 'Sales & Parts',
  lever: 1,
  ...changes,
});

export const column = (name: string, changes: Partial<MetadataRow> = {}): MetadataRow => ({
  table_catalog: 'main',
  table_schema: 'sales',
  table_name: 'orders',
  column_name: name,
  data_type: 'BIGINT',
  comment: null,
  ...changes,
});

export const withColumns = (...columns: MetadataRow[]): UcMetadata => ({ ...EMPTY_METADATA, columns });

export async function evaluated(mlflow: MemoryMlflow) {
  const { modelId } = await createGenieModelVersion(version(), { mlflow, sql: warehouse().sql });
  const { runId } = await mlflow.runs.start({ experimentId: '1' });
  return { modelId, runId };
}
