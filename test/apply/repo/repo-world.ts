import type { FileEdit, RepoOptions } from '../../../src/apply/index.ts';
import {
  createFunctionSql,
  invertPlan,
  planPatchSet,
  type Patch,
  type PatchPlan,
  type Snapshot,
  type ValidateOptions,
} from '../../../src/patch-dsl/index.ts';
import { serializeSpace } from '../../../src/spaces/index.ts';
import { memoryFileStore } from '../../../src/testing/index.ts';
import { ANYTHING_GOES, CATALOG, METRIC_VIEW_YAML, SNAPSHOT } from '../../patch-dsl/sample-world.ts';

export const VARIABLES = { catalog: 'main', gold_schema: 'sales' };

/** As a careful team writes names. */
export const templated = (text: string): string =>
  text
    .replaceAll('main.sales.', '${catalog}.${gold_schema}.')
    .replaceAll('`main`.`sales`.', '`${catalog}`.`${gold_schema}`.');

export const resolved = (text: string): string =>
  text.replaceAll('${catalog}', 'main').replaceAll('${gold_schema}', 'sales');

/** The exact text of a number must survive the layouts too. */
const WEIGHT = /"weight": ?1(?=[\s,}])/;
const restoreWeight = (text: string): string => text.replace(WEIGHT, (found) => `${found}.0`);

const spaceValue = (): unknown => JSON.parse(serializeSpace(SNAPSHOT.space));

const spread = (indent: string | number): string =>
  `${restoreWeight(templated(JSON.stringify(spaceValue(), null, indent)))}\n`;

/** With a blank behind each comma and colon, as Python writes JSON by default. */
const oneLineWithBlanks = (): string =>
  restoreWeight(
    templated(
      JSON.stringify(spaceValue(), null, 1)
        .replaceAll(/\n +/g, ' ')
        .replaceAll(/([{[]) | ?\n?([}\]])/g, '$1$2'),
    ),
  );

/** One space in every way a repository may keep it. */
export const SPACE_LAYOUTS: Readonly<Record<string, () => string>> = {
  'two spaces': () => spread(2),
  'four spaces': () => spread(4),
  tabs: () => spread('\t'),
  'two spaces, no line break at the end': () => spread(2).trimEnd(),
  'Windows line breaks': () => spread(2).replaceAll('\n', '\r\n'),
  'one line': () => restoreWeight(templated(JSON.stringify(spaceValue()))),
  'one line with blanks': oneLineWithBlanks,
  'an answer of the API': () =>
    `${JSON.stringify({ space_id: 's', title: 'Sälès', serialized_space: restoreWeight(templated(JSON.stringify(spaceValue()))) }, null, 2)}\n`,
  'an answer of the API with an object': () => {
    const around = JSON.stringify(
      { title: 'Sales', serialized_space: spaceValue(), warehouse_id: 'w' },
      null,
      2,
    );
    return `${restoreWeight(templated(around))}\n`;
  },
};

export const PATHS = {
  space: 'src/genie/sales.geniespace.json',
  metricView: 'src/semantic/metric_views/daily_sales.yaml',
  functions: 'src/semantic/tvfs/customers.sql',
  orders: 'gold/yaml/sales/orders.yaml',
} as const;

const tableFile = ({ name, comment, columns, tags }: (typeof CATALOG.tables)[number]): string =>
  [
    '# Kept by the data team',
    `table_name: ${templated(name)}`,
    ...(comment === null ? [] : [`comment: ${comment}   # shown in the catalog`]),
    'columns:',
    ...columns.flatMap(({ name: column, type }) => [
      `  - name: ${column}`,
      `    type: ${type}`,
      ...(column.startsWith('c_') ? ['    tags: {}'] : []),
    ]),
    'tags:',
    ...Object.entries({ owner: 'sales', ...tags }).map(([key, value]) => `  ${key}: ${value}`),
    '',
  ].join('\n');

/** Files for everything in the sample snapshot. */
export function repoFiles(space: string = SPACE_LAYOUTS['two spaces']?.() ?? ''): Record<string, string> {
  return {
    [PATHS.space]: space,
    [PATHS.metricView]: templated(METRIC_VIEW_YAML),
    [PATHS.functions]: CATALOG.functions
      .map(
        (fn) => `-- ${fn.name.split('.').at(-1) ?? ''}, see the wiki\n${templated(createFunctionSql(fn))};\n`,
      )
      .join('\n'),
    ...Object.fromEntries(
      CATALOG.tables
        .filter(({ kind }) => kind !== 'metric_view')
        .map((table) => [`gold/yaml/sales/${table.name.split('.').at(-1) ?? ''}.yaml`, tableFile(table)]),
    ),
    'gold/yaml/sales/README.yaml': 'about: nothing that has a table_name\n',
  };
}

/** Options for files in memory, and the files after some edits. */
export function repoOf(texts: Readonly<Record<string, string>> = repoFiles()) {
  const files = memoryFileStore(texts);
  const options: RepoOptions = {
    files,
    space: PATHS.space,
    metricViews: 'src/semantic/metric_views',
    functions: 'src/semantic/tvfs',
    tables: ['gold/yaml', 'src/monitoring'],
    variables: VARIABLES,
  };
  const write = async (edits: readonly FileEdit[]): Promise<void> => {
    for (const { path, after } of edits)
      await (after === null ? files.remove(path) : files.write(path, after));
  };
  return { options, write, texts: () => Object.fromEntries(files.texts) };
}

export function planOf(
  patches: readonly Patch[],
  snapshot: Snapshot = SNAPSHOT,
  options: ValidateOptions = {},
): { readonly plan: PatchPlan; readonly inverse: PatchPlan } {
  const planned = planPatchSet(snapshot, patches, { ...ANYTHING_GOES, ...options });
  if (!planned.ok) throw new Error(JSON.stringify(planned.errors));
  return { plan: planned.plan, inverse: invertPlan(planned.plan) };
}
