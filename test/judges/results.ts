import type { StatementResult } from '../../src/ports/index.ts';

/** `result('id BIGINT, name STRING', [['1', 'a']])` */
export function result(
  columns: string,
  rows: readonly (readonly (string | null)[])[],
  truncated = false,
): StatementResult {
  return {
    statementId: null,
    columns: columns
      .split(/,(?![^(]*\))/)
      .map((column) => column.trim())
      .filter((column) => column !== '')
      .map((column) => {
        const [name = '', ...type] = column.split(' ');
        const typeText = type.join(' ');
        return { name, typeText, typeName: typeText.replace(/[(<].*$/, '') };
      }),
    rows,
    truncated,
  };
}
