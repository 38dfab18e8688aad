import { setTimeout as delay } from 'node:timers/promises';
import type { StatementParameter } from '../../ports/index.ts';
import { invalidParameter, notFound } from './api-error.ts';
import { optionalCount, optionalText, requiredText } from './read-fields.ts';
import type { Route } from './router.ts';
import { chunkOf, statementResponse } from './statement-wire.ts';
import type { Statement, StatementStore } from './statement-store.ts';

export interface StatementNames {
  readonly catalog: string | undefined;
  readonly schema: string | undefined;
}

/** `/api/2.0/sql`: statements and the one warehouse. @see spec/databricks-apis.md §4 */
export function statementRoutes(
  statements: StatementStore,
  warehouse: { readonly id: string; readonly name: string },
  afterStatement: (sql: string, statement: Statement, names: StatementNames) => Promise<void>,
): Route[] {
  const warehouseInfo = {
    id: warehouse.id,
    name: warehouse.name,
    state: 'RUNNING',
    cluster_size: 'Small',
    enable_serverless_compute: true,
    warehouse_type: 'PRO',
  };
  const checkWarehouse = (id: string | undefined) => {
    if (id !== warehouse.id) throw notFound(`SQL warehouse ${id ?? ''} does not exist.`);
  };
  return [
    {
      method: 'POST',
      path: '/api/2.0/sql/statements',
      handle: async ({ body }) => {
        const sql = requiredText(body, 'statement');
        checkWarehouse(requiredText(body, 'warehouse_id'));
        const waitMs = waitOf(optionalText(body, 'wait_timeout'));
        const disposition = optionalText(body, 'disposition') ?? 'INLINE';
        const format = optionalText(body, 'format') ?? 'JSON_ARRAY';
        if (disposition !== 'INLINE' || format !== 'JSON_ARRAY') {
          throw invalidParameter(
            `The embedded workspace answers only with disposition INLINE and format JSON_ARRAY, not ${disposition} and ${format}.`,
          );
        }
        const names = { catalog: optionalText(body, 'catalog'), schema: optionalText(body, 'schema') };
        const statement = statements.start(sql, {
          ...names,
          parameters: parametersOf(body['parameters']),
          rowLimit: optionalCount(body, 'row_limit'),
        });
        const recorded = statement.ended.then(() => afterStatement(sql, statement, names));
        const done = await endsWithin(recorded, waitMs);
        if (!done && optionalText(body, 'on_wait_timeout') === 'CANCEL')
          statements.cancel(statement.statementId);
        return statementResponse(statement);
      },
    },
    {
      method: 'GET',
      path: '/api/2.0/sql/statements/:statement_id',
      handle: ({ params }) => statementResponse(statements.get(params['statement_id'] ?? '')),
    },
    {
      method: 'GET',
      path: '/api/2.0/sql/statements/:statement_id/result/chunks/:chunk_index',
      handle: ({ params }) => {
        const index = Number(params['chunk_index']);
        if (!Number.isInteger(index)) throw invalidParameter('chunk_index must be an integer.');
        return chunkOf(statements.get(params['statement_id'] ?? ''), index);
      },
    },
    {
      method: 'POST',
      path: '/api/2.0/sql/statements/:statement_id/cancel',
      handle: ({ params }) => {
        statements.cancel(params['statement_id'] ?? '');
        return {};
      },
    },
    { method: 'GET', path: '/api/2.0/sql/warehouses', handle: () => ({ warehouses: [warehouseInfo] }) },
    {
      method: 'GET',
      path: '/api/2.0/sql/warehouses/:id',
      handle: ({ params }) => {
        checkWarehouse(params['id']);
        return warehouseInfo;
      },
    },
    {
      method: 'POST',
      path: '/api/2.0/sql/warehouses/:id/start',
      handle: ({ params }) => {
        checkWarehouse(params['id']);
        return {};
      },
    },
  ];
}

/** `0s`, or 5 to 50 seconds; 10 by default. */
function waitOf(text: string | undefined): number {
  if (text === undefined) return 10_000;
  const seconds = Number(/^(\d+)s$/.exec(text)?.[1] ?? Number.NaN);
  if (seconds === 0 || (seconds >= 5 && seconds <= 50)) return seconds * 1000;
  throw invalidParameter(`wait_timeout must be 0s or between 5s and 50s, got '${text}'.`);
}

async function endsWithin(ended: Promise<void>, ms: number): Promise<boolean> {
  if (ms === 0) return false;
  const timer = new AbortController();
  const timeout = delay(ms, false, { signal: timer.signal, ref: false }).catch(() => false);
  const done = await Promise.race([ended.then(() => true), timeout]);
  timer.abort();
  return done;
}

function parametersOf(value: unknown): StatementParameter[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw invalidParameter("Field 'parameters' must be an array.");
  return value.map((item: unknown) => {
    const fields = (typeof item === 'object' && item !== null ? item : {}) as Record<string, unknown>;
    const type = optionalText(fields, 'type');
    const raw = fields['value'];
    const text =
      raw === undefined || raw === null ? null : typeof raw === 'string' ? raw : JSON.stringify(raw);
    return { name: requiredText(fields, 'name'), value: text, ...(type === undefined ? {} : { type }) };
  });
}
