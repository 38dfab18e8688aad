import { plainName } from './canonical-text.ts';
import type { Modeler, QueryModel, Scope } from './model.ts';
import { renderOver } from './render-call.ts';
import { isEmpty, textOf, type RenderContext, type RenderMode } from './render-context.ts';
import { renderPiece } from './render-expression.ts';
import { fromText, nameList } from './render-from.ts';
import { aliasesBefore, NO_ALIASES, type AliasView } from './resolve.ts';
import { groupingTexts, isAll, sortKeys } from './select-keys.ts';
import {
  asFields,
  asList,
  fieldsOf,
  hasTail,
  identifierName,
  IGNORED_FIELDS,
  kindOf,
  isAbsent,
} from './tree.ts';

/** A context to render expressions of a scope in. */
export const contextFor = (
  scope: Scope,
  mode: RenderMode,
  modeler: Modeler,
  aliases: AliasView = NO_ALIASES,
): RenderContext => ({
  mode,
  scope,
  aliases,
  parameters: new Map(),
  modeler,
  opened: modeler.opened,
  piece: renderPiece,
  queryText: renderQueryModel,
});

/** The canonical text of a whole query. */
export function renderQueryModel(model: QueryModel, mode: RenderMode, modeler: Modeler): string {
  const context = contextFor(model.scope, mode, modeler);
  const fields = fieldsOf(model.node);
  const parts = [withClause(model, mode, modeler)];
  switch (model.kind) {
    case 'select':
      parts.push(...selectParts(model, fields, context));
      break;
    case 'set':
      parts.push(setText(model, fields, mode, modeler), ...tailParts(model, fields, context));
      break;
    case 'wrapped':
      parts.push(wrappedText(model, fields, mode, modeler), ...tailParts(model, fields, context));
      break;
    case 'other':
      parts.push(textOf(model.node, context));
      break;
  }
  return parts.filter((part) => part !== '').join(' ');
}

function withClause(model: QueryModel, mode: RenderMode, modeler: Modeler): string {
  if (model.ctes.length === 0) return '';
  const recursive = asFields(fieldsOf(model.node)['with'])['recursive'] === true ? 'recursive ' : '';
  const definitions = asList(asFields(fieldsOf(model.node)['with'])['ctes']);
  const bodies = model.ctes.map((cte, index) => {
    const name =
      mode === 'text' ? plainName(cte.name) + nameList(asFields(definitions[index])['columns']) : cte.label;
    return `${name} as (${renderQueryModel(cte.query, mode, modeler)})`;
  });
  return `with ${recursive}${bodies.join(', ')}`;
}

/** Parentheses around a branch matter only when it orders, limits or combines. */
function setText(
  model: QueryModel,
  fields: Readonly<Record<string, unknown>>,
  mode: RenderMode,
  modeler: Modeler,
): string {
  const [left, right] = model.inner.map((branch) => {
    const text = renderQueryModel(branch, mode, modeler);
    return branch.kind === 'wrapped' && !text.startsWith('(') ? `(${text})` : text;
  });
  const quantifier = fields['all'] === true ? ' all' : '';
  const byName = fields['by_name'] === true ? ' by name' : '';
  return `${left ?? ''} ${kindOf(model.node) ?? ''}${quantifier}${byName} ${right ?? ''}`;
}

function wrappedText(
  model: QueryModel,
  fields: Readonly<Record<string, unknown>>,
  mode: RenderMode,
  modeler: Modeler,
): string {
  const [inner] = model.inner;
  if (inner === undefined) return '';
  const text = renderQueryModel(inner, mode, modeler);
  const plain = ['order_by', 'limit', 'offset', 'with', 'distribute_by', 'sort_by', 'cluster_by'].every(
    (key) => isAbsent(fields[key]),
  );
  const alone =
    plain &&
    (inner.kind === 'wrapped' ||
      (inner.kind === 'select' && standsAlone(inner)) ||
      model.scope.parent === null);
  return alone ? text : `(${text})`;
}

const standsAlone = (model: QueryModel): boolean => model.ctes.length === 0 && !hasTail(fieldsOf(model.node));

/** Clauses with a place of their own in the text; any other field is appended by name. */
const WRITTEN = [
  'expressions',
  'from',
  'joins',
  'lateral_views',
  'windows',
  'where_clause',
  'group_by',
  'having',
  'qualify',
  'order_by',
  'limit',
  'offset',
  'distinct',
  'with',
] as const;

function selectParts(
  model: QueryModel,
  fields: Readonly<Record<string, unknown>>,
  context: RenderContext,
): string[] {
  const behind: RenderContext = { ...context, aliases: { names: model.scope.aliases, first: false } };
  const parts = [
    `select ${fields['distinct'] === true ? 'distinct ' : ''}${projections(model, fields, context)}`,
  ];
  const from = fromText(model, fields, context);
  if (from !== '') parts.push(`from ${from}`);
  const where = asFields(fields['where_clause'])['this'];
  if (!isAbsent(where)) parts.push(`where ${textOf(where, context)}`);
  const grouping = groupingTexts(model, context).map(({ text }) => text);
  if (!isAbsent(fields['group_by']))
    parts.push(`group by ${context.mode === 'text' ? textGrouping(fields, context) : grouping.join(', ')}`);
  const having = asFields(fields['having'])['this'];
  if (!isAbsent(having)) parts.push(`having ${textOf(having, behind)}`);
  const qualify = asFields(fields['qualify'])['this'];
  if (!isAbsent(qualify)) parts.push(`qualify ${textOf(qualify, behind)}`);
  const windows = asList(fields['windows']).map((window) => {
    const { name, spec } = asFields(window);
    return `${plainName(identifierName(name) ?? '')} as (${renderOver(asFields(spec), context)})`;
  });
  if (windows.length > 0) parts.push(`window ${windows.join(', ')}`);
  for (const [key, field] of Object.entries(fields)) {
    if (isEmpty(field) || IGNORED_FIELDS.has(key) || WRITTEN.some((written) => written === key)) continue;
    parts.push(`${key} ${textOf({ clause: { expressions: field } }, context)}`);
  }
  return [...parts, ...tailParts(model, fields, context)];
}

const textGrouping = (fields: Readonly<Record<string, unknown>>, context: RenderContext): string => {
  const groupBy = asFields(fields['group_by']);
  return groupBy['all'] === true
    ? 'all'
    : asList(groupBy['expressions'])
        .map((item) => textOf(item, context))
        .join(', ');
};

function projections(
  model: QueryModel,
  fields: Readonly<Record<string, unknown>>,
  context: RenderContext,
): string {
  return asList(fields['expressions'])
    .map((item) => {
      const named = kindOf(item) === 'alias';
      const node = named ? fieldsOf(item)['this'] : item;
      const text = textOf(node, { ...context, aliases: aliasesBefore(model.scope, node) });
      return named && context.mode === 'text'
        ? `${text} as ${plainName(identifierName(fieldsOf(item)['alias']) ?? '')}`
        : text;
    })
    .join(', ');
}

/** ORDER BY, LIMIT, OFFSET; sort keys are resolved against the output first. */
function tailParts(
  model: QueryModel,
  fields: Readonly<Record<string, unknown>>,
  context: RenderContext,
): string[] {
  const parts: string[] = [];
  const keys = sortKeys(model, context);
  if (keys.length > 0) parts.push(`order by ${keys.map((key) => key.text).join(', ')}`);
  for (const clause of ['limit', 'offset'] as const) {
    const amount = bareClause(fields[clause]);
    if (!isAbsent(amount) && !isAll(amount)) parts.push(`${clause} ${textOf(amount, context)}`);
  }
  return parts;
}

/** LIMIT of a SELECT is `{ this }`, that of a set operation the expression itself. */
export const bareClause = (value: unknown): unknown => {
  const kind = kindOf(value);
  return kind === null || kind === 'this' ? asFields(value)['this'] : value;
};
