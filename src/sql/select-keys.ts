import { isStar, type QueryModel } from './model.ts';
import { renderSortKey } from './render-call.ts';
import { textOf, type RenderContext } from './render-context.ts';
import { aliasesBefore, containsAggregate, namePartsOf } from './resolve.ts';
import { asFields, asList, fieldsOf, kindOf, unwrap, scalarText } from './tree.ts';

/** Grouping expressions with ordinals, aliases and ALL replaced by what they stand for; sorted where order means nothing. */
export function groupingTexts(
  model: QueryModel,
  context: RenderContext,
): { readonly text: string; readonly node: unknown }[] {
  const items = groupingNodes(model);
  const behind: RenderContext = { ...context, aliases: { names: model.scope.aliases, first: false } };
  const texts = items.map((node) => ({ text: textOf(node, behind), node }));
  if (items.some(changesGrouping)) return texts;
  const unique = new Map(texts.map((item) => [item.text, item]));
  return [...unique.values()].sort((a, b) => (a.text < b.text ? -1 : 1));
}

/** ROLLUP, CUBE, GROUPING SETS. */
const changesGrouping = (value: unknown): boolean => {
  const kind = kindOf(value);
  return (
    kind === 'rollup' ||
    kind === 'cube' ||
    kind === 'grouping_sets' ||
    (kind === 'function' && /^(rollup|cube|grouping sets)$/i.test(scalarText(fieldsOf(value)['name'])))
  );
};

/** Grouping expressions as nodes, ordinals and ALL replaced; aliases are still names. */
export function groupingNodes(model: QueryModel): unknown[] {
  const fields = fieldsOf(model.node);
  const groupBy = asFields(fields['group_by']);
  const selected = asList(fields['expressions']).map((item) =>
    kindOf(item) === 'alias' ? fieldsOf(item)['this'] : item,
  );
  if (groupBy['all'] === true && asList(groupBy['expressions']).length === 0) {
    return selected.filter(
      (node) => !containsAggregate(node, model.scope.aliases) && kindOf(node) !== 'literal',
    );
  }
  return asList(groupBy['expressions'])
    .flatMap((item) => (kindOf(item) === 'tuple' ? asList(fieldsOf(item)['expressions']) : [item]))
    .map((item) => ordinal(item, selected) ?? item);
}

/** The select-list entry that a number stands for. */
export function ordinal(value: unknown, selected: readonly unknown[]): unknown {
  const inner = unwrap(value);
  const fields = fieldsOf(inner);
  if (kindOf(inner) !== 'literal' || fields['literal_type'] !== 'number') return undefined;
  return selected[Number(fields['value']) - 1];
}

/** The word ALL, which the parser takes for a column. */
export const isAll = (value: unknown): boolean => namePartsOf(value)?.join('.') === 'all';

/** Sort keys of a query, canonical, with ordinals, aliases and ALL replaced. */
export function sortKeys(
  model: QueryModel,
  context: RenderContext,
): { readonly text: string; readonly descending: boolean }[] {
  const fields = fieldsOf(model.node);
  const items = asList(asFields(fields['order_by'])['expressions']).map((item) => asFields(item));
  const selected = asList(fields['expressions']).map((item) =>
    kindOf(item) === 'alias' ? fieldsOf(item)['this'] : item,
  );
  const behind: RenderContext = { ...context, aliases: { names: model.scope.aliases, first: true } };
  const directed = context.mode !== 'facts';
  return items.flatMap((item) => {
    const descending = item['desc'] === true;
    const sorted = (node: unknown, inner: RenderContext) => ({
      text: renderSortKey({ ...item, this: node }, inner, directed),
      descending,
    });
    if (context.mode === 'text') return [sorted(item['this'], context)];
    if (model.kind !== 'select') return [{ text: outputKey(model, item, context), descending }];
    if (isAll(item['this'])) return selected.map((node) => sorted(node, behind));
    const chosen = ordinal(item['this'], selected);
    return [
      sorted(
        chosen ?? item['this'],
        chosen === undefined ? behind : { ...context, aliases: aliasesBefore(model.scope, chosen) },
      ),
    ];
  });
}

/** What sort keys of a SELECT sort by, ordinals replaced. */
export function sortNodes(model: QueryModel, keys: unknown): unknown[] {
  const selected = asList(fieldsOf(model.node)['expressions']).map((item) =>
    kindOf(item) === 'alias' ? fieldsOf(item)['this'] : item,
  );
  return asList(keys).flatMap((key) => {
    const value = asFields(key)['this'];
    return isAll(value) ? selected : [ordinal(value, selected) ?? key];
  });
}

/** A set operation is sorted by its output columns: `$1` for the first. */
function outputKey(
  model: QueryModel,
  item: Readonly<Record<string, unknown>>,
  context: RenderContext,
): string {
  const outputs = model.outputs();
  const names = namePartsOf(item['this']);
  const byName =
    names?.length === 1 ? outputs.findIndex((output) => !isStar(output) && output.name === names[0]) : -1;
  const fields = fieldsOf(unwrap(item['this']));
  const byNumber = fields['literal_type'] === 'number' ? Number(fields['value']) - 1 : -1;
  const index = byName === -1 ? byNumber : byName;
  const output = outputs[index];
  const directed = context.mode !== 'facts';
  if (index === -1) return renderSortKey(item, context, directed);
  const branch =
    output !== undefined && !isStar(output) && context.mode === 'facts' ? output.branches[0] : undefined;
  if (branch !== undefined)
    return renderSortKey(
      { ...item, this: branch.node },
      { ...context, scope: branch.scope, aliases: aliasesBefore(branch.scope, branch.node) },
      directed,
    );
  return renderSortKey({ ...item, this: { output_column: { name: `$${index + 1}` } } }, context, directed);
}
