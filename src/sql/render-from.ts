import { plainName } from './canonical-text.ts';
import type { QueryModel, Source } from './model.ts';
import { isEmpty, textOf, type RenderContext } from './render-context.ts';
import {
  asFields,
  asList,
  fieldsOf,
  identifierName,
  IGNORED_FIELDS,
  kindOf,
  unwrap,
  scalarText,
  isAbsent,
} from './tree.ts';

/** FROM with its joins and lateral views; empty without FROM. */
export function fromText(
  model: QueryModel,
  fields: Readonly<Record<string, unknown>>,
  context: RenderContext,
): string {
  const items = asList(asFields(fields['from'])['expressions']).map((item) => itemText(item, model, context));
  const joins = asList(fields['joins']).map((join) => joinText(join, model, context));
  const views = asList(fields['lateral_views']).map((view) =>
    lateralViewText(asFields(view), model, context),
  );
  return items.join(', ') + joins.join('') + views.join('');
}

function lateralViewText(
  view: Readonly<Record<string, unknown>>,
  model: QueryModel,
  context: RenderContext,
): string {
  const inputs = model.scope.items.get(view['this'])?.inputs ?? model.scope;
  const outer = view['outer'] === true ? 'outer ' : '';
  const columns = asList(view['column_aliases']).map((column) => plainName(identifierName(column) ?? ''));
  const alias = isAbsent(view['table_alias'])
    ? ''
    : ` ${plainName(identifierName(view['table_alias']) ?? '')}`;
  const names =
    context.mode === 'text' ? `${alias}${columns.length === 0 ? '' : ` as ${columns.join(', ')}`}` : '';
  return ` lateral view ${outer}${textOf(view['this'], { ...context, scope: inputs })}${names}`;
}

function joinText(value: unknown, model: QueryModel, context: RenderContext): string {
  const join = asFields(value);
  const kind = scalarText(join['kind']);
  const item = itemText(join['this'], model, context);
  const using = asList(join['using']).map((column) => plainName(identifierName(column) ?? ''));
  const rest = Object.entries(join).filter(
    ([key, field]) =>
      !['this', 'on', 'using', 'kind'].includes(key) && !IGNORED_FIELDS.has(key) && !isEmpty(field),
  );
  const hints = rest.length === 0 ? '' : ` ${textOf({ join: Object.fromEntries(rest) }, context)}`;
  if (kind === 'Implicit') return `, ${item}`;
  const on = isAbsent(join['on']) ? '' : ` on ${textOf(join['on'], context)}`;
  const columns =
    using.length === 0 ? '' : ` using (${(context.mode === 'text' ? using : using.sort()).join(', ')})`;
  return ` ${joinWords(kind)} join ${item}${on}${columns}${hints}`;
}

const joinWords = (kind: string): string => kind.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();

function itemText(value: unknown, model: QueryModel, context: RenderContext): string {
  const item = unwrap(value);
  const fields = fieldsOf(item);
  const alias = context.mode === 'text' ? aliasText(fields) : '';
  switch (kindOf(item) ?? '') {
    case 'table': {
      const source = model.scope.items.get(value) ?? model.scope.items.get(item);
      return tableText(source, fields, context) + alias;
    }
    case 'alias':
      return itemText(fields['this'], model, context) + alias;
    case 'lateral':
      return `lateral ${itemText(fields['this'], model, context)}${alias}`;
    case 'joined_table': {
      const joins = asList(fields['joins']).map((join) => joinText(join, model, context));
      return `(${itemText(fields['left'], model, context)}${joins.join('')})${alias}`;
    }
    case 'subquery': {
      const source = model.scope.items.get(value) ?? model.scope.items.get(item);
      const lateral = fields['lateral'] === true ? 'lateral ' : '';
      const query = source?.query ?? context.modeler.query(item, model.scope);
      const [inner] = query.inner;
      return `${lateral}(${context.queryText(inner ?? query, context.mode, context.modeler)})${alias}`;
    }
    case 'values':
      return textOf(item, context) + alias;
    case 'pivot':
    case 'unpivot':
      return turnedText(item, model, context) + alias;
    default: {
      const inputs = model.scope.items.get(value)?.inputs ?? model.scope;
      return textOf(item, { ...context, scope: inputs }) + alias;
    }
  }
}

function tableText(
  source: Source | undefined,
  fields: Readonly<Record<string, unknown>>,
  context: RenderContext,
): string {
  const parts = ['catalog', 'schema', 'name']
    .map((part) => identifierName(fields[part]))
    .filter((part) => part !== null);
  const written = parts.map(plainName).join('.');
  const name =
    context.mode === 'text' || source === undefined
      ? written
      : source.cte === null
        ? context.mode === 'facts'
          ? source.label
          : written
        : source.cte.label;
  const rest = Object.fromEntries(
    Object.entries(fields).filter(
      ([key, field]) =>
        !['catalog', 'schema', 'name', 'alias', 'column_aliases', ...IGNORED_FIELDS].includes(key) &&
        !isEmpty(field),
    ),
  );
  const { version, ...other } = rest;
  const { this: word, kind, expression } = asFields(version);
  const travel =
    version === undefined
      ? ''
      : ` ${identifierName(fieldsOf(word)) ?? ''} ${String(kind).toLowerCase()} ${textOf(expression, context)}`;
  return `${name}${travel}${Object.keys(other).length === 0 ? '' : ` ${textOf({ table_options: other }, context)}`}`;
}

function aliasText(fields: Readonly<Record<string, unknown>>): string {
  const alias = identifierName(fields['alias']);
  return alias === null ? '' : ` ${plainName(alias)}${nameList(fields['column_aliases'])}`;
}

/** PIVOT and UNPIVOT: the values keep their order, because it decides the order of the columns. */
function turnedText(item: unknown, model: QueryModel, context: RenderContext): string {
  const kind = kindOf(item) ?? '';
  const fields = fieldsOf(item);
  const source = model.scope.items.get(item);
  const hidden = source?.query ?? null;
  if (hidden === null) return textOf(item, context);
  const inner: RenderContext = { ...context, scope: hidden.scope };
  const entries = (value: unknown): string =>
    asList(value)
      .map((entry) => pivotEntry(entry, inner))
      .join(', ');
  const values = [fields['value_column'], ...asList(fields['extra_value_columns'])].map((column) =>
    pivotEntry(column, inner),
  );
  const parts =
    kind === 'pivot'
      ? `${entries(fields['expressions'])} for ${asList(fields['fields'])
          .map((field) => pivotEntry(field, inner))
          .join(' ')}`
      : `${values.length > 1 ? `(${values.join(', ')})` : values.join('')} for ${pivotEntry(fields['name_column'], inner)} in (${entries(fields['columns'])})`;
  const written = [
    'this',
    'alias',
    'column_aliases',
    'expressions',
    'fields',
    'value_column',
    'extra_value_columns',
    'name_column',
    'columns',
    'include_nulls',
    'unpivot',
  ];
  const rest = Object.entries(fields).filter(
    ([key, field]) => !written.includes(key) && !IGNORED_FIELDS.has(key) && !isEmpty(field),
  );
  const nulls = fields['include_nulls'] === true ? 'include nulls ' : '';
  const extra = rest.length === 0 ? '' : ` ${textOf({ options: Object.fromEntries(rest) }, inner)}`;
  return `${itemText(fields['this'], hidden, inner)} ${kind} ${nulls}(${parts})${extra}`;
}

function pivotEntry(value: unknown, context: RenderContext): string {
  const fields = fieldsOf(value);
  const kind = kindOf(value);
  if (kind === 'in')
    return `${textOf(fields['this'], context)} in (${asList(fields['expressions'])
      .map((entry) => pivotEntry(entry, context))
      .join(', ')})`;
  if (kind === 'pivot_alias' || kind === 'alias') {
    const alias =
      typeof fields['alias'] === 'object' && kindOf(fields['alias']) === 'column'
        ? fieldsOf(fields['alias'])['name']
        : fields['alias'];
    const name =
      kindOf(alias) === 'literal' ? textOf(alias, context) : plainName(identifierName(alias) ?? '');
    return context.mode === 'text'
      ? `${textOf(fields['this'], context)} as ${name}`
      : textOf(fields['this'], context);
  }
  const identifier = identifierName(value);
  if (kind === null && identifier !== null) return context.mode === 'text' ? plainName(identifier) : '$';
  return kind === null ? String(value) : textOf(value, context);
}

/** `(a, b)` behind an alias; empty without names. */
export const nameList = (columns: unknown): string => {
  const names = asList(columns).map((column) => plainName(identifierName(column) ?? ''));
  return names.length === 0 ? '' : ` (${names.join(', ')})`;
};
