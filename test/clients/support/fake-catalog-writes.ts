import { informationSchema, SALES } from './fake-information-schema.ts';
import type { CannedAnswer } from './fake-workspace.ts';

type Row = Record<string, string | null>;

const DONE: CannedAnswer = { columns: [], rows: [] };

const NAME = '`([^`]+)`\\.`([^`]+)`\\.`([^`]+)`';
const LITERAL = "'(?:[^'\\\\]|\\\\.)*'";

/** Text of a literal, or `null` for NULL. */
const textOf = (literal: string): string | null =>
  literal === 'NULL'
    ? null
    : literal
        .slice(1, -1)
        .replaceAll(/\\(.)/g, (_all, char: string) => (char === 'n' ? '\n' : char === 'r' ? '\r' : char));

const literalsOf = (text: string): string[] => text.match(new RegExp(LITERAL, 'g')) ?? [];

/** `` `name` TYPE [DEFAULT x] [COMMENT 'x'] `` as the information schema shows it; no default holds a comma here. */
function declarations(text: string) {
  const one = new RegExp(
    `\`([^\`]+)\` ([A-Z]+(?:\\(\\d+,\\d+\\))?)(?: DEFAULT (.+?))?(?: COMMENT (${LITERAL}))?(?:, (?=\`)|$)`,
    'g',
  );
  return [...text.matchAll(one)].map(([, name = '', type = '', value, comment], index) => ({
    name,
    type: type.toLowerCase(),
    value: value ?? null,
    comment: comment === undefined ? null : textOf(comment),
    position: String(index + 1),
  }));
}

/**
 * The information schema of {@link SALES} with as much memory as the contract suite needs: it carries out the statements
 * of the catalog editor. The suite runs against the embedded workspace as well, which keeps this one honest.
 */
export function writableCatalog() {
  const schema = structuredClone(SALES) as Record<string, Row[]>;
  const rowsOf = (view: string): Row[] => (schema[view] ??= []);
  const remove = (view: string, fits: (row: Row) => boolean): void => {
    schema[view] = rowsOf(view).filter((row) => !fits(row));
  };
  const missing = (table: string): CannedAnswer => ({
    failure: {
      message: `[TABLE_OR_VIEW_NOT_FOUND] The table or view ${table} cannot be found. SQLSTATE: 42P01`,
      sqlState: '42P01',
    },
  });
  const isIn =
    (table: string, column?: string) =>
    (row: Row): boolean =>
      row['table_name'] === table && (column === undefined || row['column_name'] === column);
  const isFunction = (name: string) => (row: Row) => row['specific_name'] === name;

  /** One form of statement: its pattern after the name of the object, and what it does. */
  const forms: readonly (readonly [RegExp, (name: string, groups: Record<string, string>) => void])[] = [
    [
      new RegExp(`^COMMENT ON TABLE ${NAME} IS (?<text>NULL|${LITERAL})$`),
      (name, { text = 'NULL' }) => {
        for (const row of rowsOf('tables').filter(isIn(name))) row['comment'] = textOf(text);
      },
    ],
    [
      new RegExp(`^ALTER TABLE ${NAME} ALTER COLUMN \`(?<column>[^\`]+)\` COMMENT (?<text>${LITERAL})$`),
      (name, { column = '', text = '' }) => {
        for (const row of rowsOf('columns').filter(isIn(name, column))) row['comment'] = textOf(text);
      },
    ],
    [
      new RegExp(
        `^ALTER (?:TABLE|VIEW) ${NAME}(?: ALTER COLUMN \`(?<column>[^\`]+)\`)? (?<verb>SET|UNSET) TAGS \\((?<tags>.*)\\)$`,
        's',
      ),
      (name, { column, verb, tags = '' }) => {
        const view = column === undefined ? 'table_tags' : 'column_tags';
        const texts = literalsOf(tags).map(textOf);
        const step = verb === 'SET' ? 2 : 1;
        for (let at = 0; at < texts.length; at += step) {
          const tag = texts[at] ?? '';
          remove(view, (row) => isIn(name, column)(row) && row['tag_name'] === tag);
          if (verb !== 'SET') continue;
          rowsOf(view).push({
            catalog_name: 'main',
            schema_name: 'sales',
            table_name: name,
            ...(column === undefined ? {} : { column_name: column }),
            tag_name: tag,
            tag_value: texts[at + 1] ?? '',
          });
        }
      },
    ],
    [
      new RegExp(`^ALTER VIEW ${NAME} AS \\$\\$\\n(?<yaml>.*)\\n\\$\\$$`, 's'),
      (name, { yaml = '' }) => {
        for (const row of rowsOf('views').filter(isIn(name))) row['view_definition'] = yaml;
      },
    ],
    [
      new RegExp(
        `^CREATE OR REPLACE FUNCTION ${NAME}\\((?<inputs>.*)\\)\\nRETURNS TABLE \\((?<columns>.*)\\)\\nLANGUAGE SQL(?: COMMENT (?<text>${LITERAL}))?\\nRETURN (?<body>.*)$`,
        's',
      ),
      (name, { inputs = '', columns = '', text, body = '' }) => {
        const id = { specific_schema: 'sales', specific_name: name };
        for (const view of ['routines', 'parameters', 'routine_columns']) remove(view, isFunction(name));
        rowsOf('routines').push({
          ...id,
          routine_catalog: 'main',
          routine_schema: 'sales',
          routine_name: name,
          routine_definition: body,
          comment: text === undefined ? null : textOf(text),
        });
        for (const { name: parameter, type, value, comment, position } of declarations(inputs))
          rowsOf('parameters').push({
            ...id,
            ordinal_position: position,
            parameter_name: parameter,
            full_data_type: type,
            parameter_default: value,
            comment,
          });
        for (const { name: column, type, comment, position } of declarations(columns))
          rowsOf('routine_columns').push({
            ...id,
            ordinal_position: position,
            column_name: column,
            full_data_type: type,
            comment,
          });
      },
    ],
  ];

  const answer = (statement: string): CannedAnswer | null => {
    for (const [pattern, carryOut] of forms) {
      const match = pattern.exec(statement);
      if (match === null) continue;
      const [, catalog, schemaName, name = ''] = match;
      const known =
        catalog === 'main' &&
        schemaName === 'sales' &&
        [
          ...rowsOf('tables').map((row) => row['table_name']),
          ...rowsOf('routines').map((row) => row['routine_name']),
        ].includes(name);
      if (!known) return missing(name);
      carryOut(name, match.groups ?? {});
      return DONE;
    }
    return informationSchema(schema).answer(statement);
  };
  return { answer };
}
