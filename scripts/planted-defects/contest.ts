import type { AssetKind } from '../../src/benchmarks/index.ts';
import type { Random } from '../../src/core/index.ts';

interface Contest {
  readonly table: string;
  readonly view: string;
  readonly tableName: string;
  readonly viewName: string;
  readonly figure: string;
}

/** Table and metric view offer a figure of one name; chance says which of them is meant. */
export function contest(
  random: Random,
  { table, view, tableName, viewName, figure }: Contest,
): { readonly rule: string; readonly asset: AssetKind; readonly key: (by: string) => string } {
  return random() < 0.5
    ? {
        rule: `For ${figure} use ${viewName}, not ${tableName}.`,
        asset: 'MV',
        key: (by) => `SELECT ${by}, MEASURE(${figure}) AS v FROM ${view} GROUP BY ${by}`,
      }
    : {
        rule: `For ${figure} use ${tableName}, not ${viewName}.`,
        asset: 'TABLE',
        key: (by) => `SELECT ${by}, SUM(${figure}) AS v FROM ${table} GROUP BY ${by}`,
      };
}
