import { describe, expect, it } from 'vitest';
import {
  applyPlanToCatalog,
  createFunctionSql,
  invertPlan,
  makePatch,
  parseCreateFunction,
  planPatchSet,
} from '../../src/patch-dsl/index.ts';
import type { Patch, Snapshot } from '../../src/patch-dsl/index.ts';
import { SNAPSHOT } from './sample-world.ts';

const DEFINITION = `CREATE FUNCTION main.sales.best(min_total DECIMAL(12,2) DEFAULT 0)
RETURNS TABLE (name STRING)
LANGUAGE SQL
COMMENT 'Best customers.'
NOT DETERMINISTIC
READS SQL DATA   -- kept as it is
RETURN SELECT name FROM main.sales.customer_totals WHERE total >= min_total`;

const parsed = parseCreateFunction(DEFINITION);
if ('problem' in parsed) throw new Error(parsed.problem);
const snapshot: Snapshot = { ...SNAPSHOT, catalog: { ...SNAPSHOT.catalog, functions: [parsed] } };

const EDITS = [
  makePatch('update_tvf_comment', { function: 'main.sales.best', comment: 'Who bought most.' }),
  makePatch('add_tvf_parameter', {
    function: 'main.sales.best',
    param: { name: 'top', type: 'INT', default: '10' },
  }),
  makePatch('remove_tvf_parameter', {
    function: 'main.sales.best',
    param_name: 'min_total',
    body_edit: { old_text: ' WHERE total >= min_total', new_text: '' },
  }),
  makePatch('update_tvf_sql', {
    function: 'main.sales.best',
    new_sql:
      'CREATE OR REPLACE FUNCTION main.sales.best() RETURNS TABLE (name STRING) LANGUAGE SQL NOT DETERMINISTIC READS SQL DATA RETURN SELECT 1',
  }),
] as Patch[];

describe('a function whose definition is known', () => {
  it('has the definition only when it says more than the other members', () => {
    expect(parsed.definition).toBe(DEFINITION);
    expect(parsed.comment).toBe('Best customers.');
    expect(parseCreateFunction(createFunctionSql(SNAPSHOT.catalog.functions[0]!))).not.toHaveProperty(
      'definition',
    );
  });

  it.each(EDITS.map((patch) => [patch.type, patch] as const))(
    '%s keeps its other clauses',
    (_type, patch) => {
      const result = planPatchSet(snapshot, [patch], { maxObjects: null });
      if (!result.ok) throw new Error(JSON.stringify(result.errors));
      const [statement] = result.plan.statements;
      for (const clause of ['LANGUAGE SQL', 'NOT DETERMINISTIC', 'READS SQL DATA'])
        expect(statement?.sql).toContain(clause);
      expect(statement?.inverse_sql).toBe(
        DEFINITION.replace('CREATE FUNCTION', 'CREATE OR REPLACE FUNCTION'),
      );
      const changed = applyPlanToCatalog(snapshot.catalog, result.plan);
      expect(applyPlanToCatalog(changed, invertPlan(result.plan))).toEqual(snapshot.catalog);
      expect(planPatchSet({ ...snapshot, catalog: changed }, [patch])).toMatchObject({
        ok: true,
        plan: { patches: [] },
      });
      const [after] = changed.functions;
      expect(after?.definition).toContain('NOT DETERMINISTIC');
    },
  );

  it('is rebuilt from the other members when the definition says something else', () => {
    const stale = { ...parsed, body: 'SELECT 2' };
    const result = planPatchSet({ ...snapshot, catalog: { tables: [], functions: [stale] } }, [EDITS[0]]);
    expect(result.ok && result.plan.statements[0]?.inverse_sql).toBe(createFunctionSql(stale));
    expect(createFunctionSql(stale)).toContain('NOT DETERMINISTIC');
  });
});
