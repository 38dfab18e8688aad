import { functionStatuses } from '../src/local/engine/function-status.ts';
import { CORPUS } from '../test/local/corpus.ts';
import { FORMS_CORPUS } from '../test/local/corpus-forms.ts';
import { LIMITS } from '../test/local/corpus-limits.ts';

const START = '<!-- generated:sql:start -->';
const END = '<!-- generated:sql:end -->';

const STATEMENTS = [...CORPUS, ...FORMS_CORPUS];

const code = (sql: string): string => `\`${sql.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ')}\``;
const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

/** Statements of the tests that call a function. */
const checkedBy = (name: string): number =>
  STATEMENTS.filter(({ sql }) => new RegExp(`(?<![\\w.])${name}\\s*\\(`, 'i').test(sql)).length;

/** The tables of `docs/local-workspace.md`, from the engine's own lists and the statements that its tests run. */
export function sqlTables(): string {
  const functions = functionStatuses();
  const working = functions.filter(({ status }) => status !== 'refused');
  const checked = working.filter(({ name }) => checkedBy(name) > 0);
  const queries = STATEMENTS.filter(
    ({ sql }) => !/^SELECT [^\n]*$/i.test(sql) || / FROM (?!VALUES)/i.test(sql),
  );
  return [
    `${STATEMENTS.length} statements run in the tests, each with the rows that a warehouse answers; ${LIMITS.length} more are refused as limits of the engine.`,
    '### Constructs',
    table(
      ['Construct', 'Statement'],
      queries.map(({ about, sql }) => [about, code(sql)]),
    ),
    '### Refused',
    table(
      ['Construct', 'Statement'],
      LIMITS.map(([what, sql]) => [what, code(sql)]),
    ),
    '### Functions',
    `${working.length} functions work, ${checked.length} of them in a statement of the tests; ${functions.length - working.length} are known and refused. A function that is not in the table is \`UNRESOLVED_ROUTINE\`.`,
    table(
      ['Function', 'Status', 'Statements in the tests'],
      functions.map((entry) => [
        `\`${entry.name}\``,
        entry.status === 'differs' ? `differs: ${entry.note}` : entry.status,
        entry.status === 'refused' ? '' : String(checkedBy(entry.name)),
      ]),
    ),
  ].join('\n\n');
}

/** The page with its tables brought up to date. */
export function withSqlTables(page: string): string {
  const [before, rest = ''] = page.split(START);
  const [, after = ''] = rest.split(END);
  return `${before ?? ''}${START}\n\n${sqlTables()}\n\n${END}${after}`;
}
