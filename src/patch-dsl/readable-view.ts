import type { CatalogTable } from '../ports/index.ts';
import { readMetricView, type MetricView } from './metric-view-yaml.ts';
import { failed, type Failed } from './rendering.ts';

/** A metric view with its definition, text and content. */
export interface ViewPlace {
  readonly status: 'found';
  readonly table: CatalogTable;
  readonly definition: string;
  readonly view: MetricView;
}

/** The definition of a metric view as something to edit, or why it is not. */
export function readableView(table: CatalogTable): ViewPlace | Failed {
  const { definition } = table;
  if (definition === null)
    return failed(
      'UNREADABLE_DEFINITION',
      `The definition of ${table.name} is not readable. Ask for the right to read it.`,
    );
  const view = readMetricView(definition);
  return 'problem' in view
    ? failed('INVALID_YAML', `The definition of ${table.name} cannot be edited: ${view.problem}.`)
    : { status: 'found', table, definition, view };
}
