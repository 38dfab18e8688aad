import { plainName } from './canonical-text.ts';
import { callName, dateUnitOf, namePartsOf } from './resolve.ts';
import { extras, isLevel, list, textOf, type RenderContext } from './render-context.ts';
import { asFields, asList, fieldsOf, identifierName, kindOf, scalarText, isAbsent } from './tree.ts';

/** A call: aggregates with DISTINCT, FILTER and the rest of their clauses. */
export function renderCall(
  value: unknown,
  fields: Readonly<Record<string, unknown>>,
  context: RenderContext,
): string {
  const name = callName(value) ?? '';
  const unit = dateUnitOf(value);
  const texts = callArguments(fields).map((argument) =>
    argument === unit ? (namePartsOf(argument)?.[0] ?? '') : textOf(argument, inCall(value, context)),
  );
  const inside = fields['star'] === true ? ['*', ...texts] : texts;
  const distinct = fields['distinct'] === true ? 'distinct ' : '';
  const filter = isAbsent(fields['filter']) ? '' : ` filter (where ${textOf(fields['filter'], context)})`;
  const order =
    asList(fields['order_by']).length === 0 ? '' : ` order by ${renderOrder(fields['order_by'], context)}`;
  const written = [
    'name',
    'original_name',
    'args',
    'this',
    'expression',
    'separator',
    'star',
    'distinct',
    'filter',
    'order_by',
  ];
  return `${name}(${distinct}${inside.join(', ')}${order})${filter}${extras(fields, written, context)}`;
}

/** Inside an aggregate a name is a column of the input, never an output alias. */
const inCall = (call: unknown, context: RenderContext): RenderContext =>
  'star' in fieldsOf(call) || 'distinct' in fieldsOf(call)
    ? { ...context, aliases: { ...context.aliases, first: false } }
    : context;

/** The arguments of a call, whatever fields the parser keeps them in; `COUNT(DISTINCT a, b)` has two. */
export function callArguments(fields: Readonly<Record<string, unknown>>): unknown[] {
  const own = [fields['this'], fields['expression'], fields['separator']].filter(
    (argument) => !isAbsent(argument),
  );
  const spread = own.flatMap((argument) =>
    kindOf(argument) === 'tuple' ? asList(fieldsOf(argument)['expressions']) : [argument],
  );
  return [...spread, ...asList(fields['args'])];
}

/** A call with OVER. */
export function renderWindow(fields: Readonly<Record<string, unknown>>, context: RenderContext): string {
  const inside = renderOver(asFields(fields['over']), context);
  const named = /^[\w`]+$/.test(inside) && !isAbsent(asFields(fields['over'])['window_name']);
  return `${textOf(fields['this'], context)} over ${named ? inside : `(${inside})`}${extras(fields, ['this', 'over'], context)}`;
}

/** The inside of OVER: partition, order, frame. */
export function renderOver(over: Readonly<Record<string, unknown>>, context: RenderContext): string {
  const partition = list(over['partition_by'], context);
  const order =
    asList(over['order_by']).length === 0 ? '' : `order by ${renderOrder(over['order_by'], context)}`;
  const named = plainName(identifierName(over['window_name']) ?? '');
  const frame = isAbsent(over['frame']) ? '' : renderFrame(asFields(over['frame']), context);
  const rest = extras(over, ['partition_by', 'order_by', 'window_name', 'frame'], context).trim();
  return [
    isAbsent(over['window_name']) ? '' : named,
    partition === '' ? '' : `partition by ${partition}`,
    order,
    frame,
    rest,
  ]
    .filter((part) => part !== '')
    .join(' ');
}

/** A frame with one bound ends at the current row. */
function renderFrame(frame: Readonly<Record<string, unknown>>, context: RenderContext): string {
  const bound = (value: unknown): string => {
    if (typeof value === 'string') return value.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
    return Object.entries(asFields(value))
      .map(([side, amount]) => `${textOf(amount, context)} ${side.toLowerCase()}`)
      .join(' ');
  };
  const [start, end] = [bound(frame['start']), isAbsent(frame['end']) ? 'current row' : bound(frame['end'])];
  return `${scalarText(frame['kind']).toLowerCase()} between ${start} and ${end}${extras(frame, ['kind', 'start', 'end'], context)}`;
}

/** A list of sort keys; ascending is not written, nor nulls where they stand anyway (level `sem`). */
export function renderOrder(items: unknown, context: RenderContext): string {
  return asList(items)
    .map((item) => renderSortKey(item, context))
    .join(', ');
}

/** One sort key; without its direction where that is told apart. */
export function renderSortKey(item: unknown, context: RenderContext, withDirection = true): string {
  const fields = asFields(kindOf(item) === 'ordered' ? fieldsOf(item) : item);
  const descending = fields['desc'] === true;
  const nullsFirst = fields['nulls_first'];
  const direction = descending && withDirection ? ' desc' : '';
  const usual = isAbsent(nullsFirst) || (isLevel(context.mode, 'sem', 'facts') && nullsFirst === !descending);
  const nulls = usual ? '' : nullsFirst === true ? ' nulls first' : ' nulls last';
  return `${textOf(fields['this'], context)}${direction}${nulls}${extras(fields, ['this', 'desc', 'nulls_first'], context)}`;
}

/** A lambda; its parameters are named by position. */
export function renderLambda(fields: Readonly<Record<string, unknown>>, context: RenderContext): string {
  const parameters = new Map(context.parameters);
  const names = asList(fields['parameters']).map((parameter) => {
    const name = identifierName(parameter) ?? '';
    const written = context.mode === 'text' ? name : `_${parameters.size + 1}`;
    parameters.set(name, written);
    return written;
  });
  return `(${names.join(', ')}) -> ${textOf(fields['body'], { ...context, parameters })}`;
}
