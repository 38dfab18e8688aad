import { describe, expect, it } from 'vitest';
import {
  questionsInScope,
  referencedObjects,
  type EvalScope,
  type ScopeOptions,
} from '../../src/benchmarks/index.ts';
import { questionOf, suiteOf } from './questions.ts';

const suite = suiteOf(
  questionOf('train', { required_tables: ['orders'], required_columns: ['o_status'] }),
  questionOf('p0', { priority: 'P0', required_tables: ['main.shop.customers'] }),
  questionOf('val', { split: 'val', required_tables: ['orders'], required_columns: ['orders.o_total'] }),
  questionOf('held', { split: 'held_out', priority: 'P0', required_tables: ['orders'] }),
  questionOf('quarantined', { quarantined_at: '2026-01-01', priority: 'P0', required_tables: ['orders'] }),
);
const idsIn = (scope: EvalScope, options?: ScopeOptions): string[] =>
  questionsInScope(suite, scope, options).map((question) => question.id);

describe('questionsInScope', () => {
  it.each([
    ['full', ['train', 'p0', 'val']],
    ['p0', ['p0']],
    ['held_out', ['held']],
    ['slice', []],
  ] as const)(
    '%s asks no held-out question but in its own scope, and never a quarantined one',
    (scope, expected) => {
      expect(idsIn(scope)).toEqual(expected);
    },
  );

  it.each<[string, ScopeOptions, string[]]>([
    ['a full table name', { patchedObjects: ['main.shop.orders'] }, ['train', 'val']],
    [
      'a table name in backticks and capitals',
      { patchedObjects: ['`Main`.`Shop`.`ORDERS`'] },
      ['train', 'val'],
    ],
    ['a short name against a full one', { patchedObjects: ['customers'] }, ['p0']],
    ['a column', { patchedObjects: ['orders.o_total'] }, ['val']],
    ['a full column name against a bare one', { patchedObjects: ['main.shop.orders.o_status'] }, ['train']],
    [
      'a column of a question whose columns are unknown',
      { patchedObjects: ['main.shop.customers.name'] },
      ['p0'],
    ],
    ['a prediction', { patchedObjects: ['nothing'], predictedQuestionIds: ['val', 'held'] }, ['val']],
    ['nothing known', { patchedObjects: ['main.shop.invoices'] }, []],
  ])('cuts a slice by %s', (_, options, expected) => {
    expect(idsIn('slice', options)).toEqual(expected);
  });

  it('reads dependencies from the SQL only where the author named none', () => {
    const dependenciesOf = (): { tables: string[]; columns: string[] } => ({
      tables: ['a.b.parsed'],
      columns: ['x'],
    });
    expect(referencedObjects(questionOf('q', { required_tables: ['written'] }), dependenciesOf)).toEqual({
      tables: ['written'],
      columns: ['x'],
    });
    expect(
      questionsInScope(suiteOf(questionOf('q')), 'slice', { patchedObjects: ['parsed'], dependenciesOf }),
    ).toHaveLength(1);
    expect(questionsInScope(suiteOf(questionOf('q')), 'slice', { patchedObjects: ['parsed'] })).toHaveLength(
      0,
    );
  });

  it('refuses an unknown scope instead of asking everything', () => {
    expect(() => questionsInScope(suite, 'all' as EvalScope)).toThrow(
      /'scope' must be one of full, slice, p0, held_out/,
    );
  });
});
