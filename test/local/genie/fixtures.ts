import type { CatalogFunction, CatalogSnapshot, CatalogTable, ForeignKey } from '../../../src/ports/index.ts';
import type { Space } from '../../../src/spaces/index.ts';
import { localGenie } from '../../../src/local/genie/index.ts';
import type { LocalGenieAnswer, ValueLookup } from '../../../src/local/genie-engine.ts';

type Config = {
  synonyms?: string[];
  description?: string;
  entity?: boolean;
  format?: boolean;
  exclude?: boolean;
};

/** `fee DECIMAL(8,2) -- comment` lines become the columns of a table. */
export function table(
  name: string,
  columns: string,
  options: {
    comment?: string;
    key?: string;
    foreignKeys?: ForeignKey[];
    definition?: string;
    kind?: CatalogTable['kind'];
  } = {},
): CatalogTable {
  return {
    name,
    kind: options.kind ?? (options.definition === undefined ? 'table' : 'metric_view'),
    comment: options.comment ?? null,
    tags: {},
    columns: columns
      .split('\n')
      .map((line) => /^\s*(\S+)\s+([^-\s]+)\s*(?:--\s*(.*))?$/.exec(line))
      .flatMap((match) =>
        match === null
          ? []
          : [{ name: match[1] ?? '', type: match[2] ?? '', comment: match[3] ?? null, tags: {} }],
      ),
    primaryKey: options.key === undefined ? [] : [options.key],
    foreignKeys: options.foreignKeys ?? [],
    definition: options.definition ?? null,
  };
}

export const id = (number: number): string => number.toString(16).padStart(32, '0');

/** A space over tables of a catalog, with metadata added one piece at a time. */
export class SpaceBuilder {
  readonly space: Space;
  private next = 1;

  constructor(sources: readonly string[], functions: readonly string[] = []) {
    this.space = {
      version: 2,
      data_sources: { tables: sources.map((identifier) => ({ identifier, column_configs: [] })) },
      instructions: {
        text_instructions: [],
        example_question_sqls: [],
        sql_functions: functions.map((identifier) => ({ id: id(9000 + this.next++), identifier })),
        join_specs: [],
        sql_snippets: { filters: [], expressions: [], measures: [] },
      },
    };
  }

  describe(source: string, text: string): this {
    const found = this.space.data_sources?.tables?.find((item) => item.identifier === source);
    if (found !== undefined) found.description = [text];
    return this;
  }

  column(source: string, column: string, config: Config): this {
    const found = this.space.data_sources?.tables?.find((item) => item.identifier === source);
    found?.column_configs?.push({
      column_name: column,
      ...(config.synonyms === undefined ? {} : { synonyms: config.synonyms }),
      ...(config.description === undefined ? {} : { description: [config.description] }),
      ...(config.entity === undefined ? {} : { enable_entity_matching: config.entity }),
      ...(config.format === undefined ? {} : { enable_format_assistance: config.format }),
      ...(config.exclude === undefined ? {} : { exclude: config.exclude }),
    });
    return this;
  }

  instruct(...lines: string[]): this {
    this.space.instructions?.text_instructions?.push({
      id: id(this.next++),
      content: lines.map((line) => `${line}\n`),
    });
    return this;
  }

  example(
    question: string,
    sql: string,
    parameters: { name: string; type_hint?: string; default_value?: { values: string[] } }[] = [],
  ): this {
    this.space.instructions?.example_question_sqls?.push({
      id: id(this.next++),
      question: [question],
      sql: [sql],
      parameters,
    });
    return this;
  }

  join(
    left: string,
    right: string,
    condition: string,
    options: {
      relationship?: string;
      leftAlias?: string;
      rightAlias?: string;
      instruction?: string;
      comment?: string;
    } = {},
  ): this {
    const last = (name: string): string => name.split('.').at(-1) ?? name;
    this.space.instructions?.join_specs?.push({
      id: id(this.next++),
      left: { identifier: left, alias: options.leftAlias ?? last(left) },
      right: { identifier: right, alias: options.rightAlias ?? last(right) },
      sql: [condition, `--rt=FROM_RELATIONSHIP_TYPE_${options.relationship ?? 'MANY_TO_ONE'}--`],
      ...(options.instruction === undefined ? {} : { instruction: [options.instruction] }),
      ...(options.comment === undefined ? {} : { comment: [options.comment] }),
    });
    return this;
  }

  snippet(
    kind: 'filters' | 'expressions' | 'measures',
    name: string,
    sql: string,
    options: { synonyms?: string[]; instruction?: string; alias?: string } = {},
  ): this {
    this.space.instructions?.sql_snippets?.[kind]?.push({
      id: id(this.next++),
      sql: [sql],
      display_name: name,
      ...(options.alias === undefined ? {} : { alias: options.alias }),
      ...(options.synonyms === undefined ? {} : { synonyms: options.synonyms }),
      ...(options.instruction === undefined ? {} : { instruction: [options.instruction] }),
    });
    return this;
  }
}

export const lookupOf = (values: Readonly<Record<string, readonly string[]>>): ValueLookup => ({
  distinct: (source, column, limit) =>
    Promise.resolve((values[`${source.split('.').at(-1)}.${column}`] ?? []).slice(0, limit)),
});

const engine = localGenie();

export interface AskOptions {
  readonly values?: ValueLookup;
  readonly variance?: number;
  readonly random?: () => number;
  readonly today?: string;
}

export const ask = (
  question: string,
  space: Space,
  catalog: CatalogSnapshot,
  options: AskOptions = {},
): Promise<LocalGenieAnswer> =>
  engine.answer({
    question,
    space,
    catalog,
    today: options.today ?? '2026-10-01',
    values: options.values ?? lookupOf({}),
    variance: options.variance ?? 0,
    random: options.random ?? (() => 0.5),
  });

/** One line, single spaces: the form the tests compare. */
export const flat = (sql: string | null): string => (sql ?? 'NULL').replaceAll(/\s+/g, ' ').trim();

export const C = 'vet.clinic.';

/** An animal clinic: cases are treated by vets in wings; animals belong to keepers. */
export function clinic(functions: CatalogFunction[] = []): CatalogSnapshot {
  return {
    tables: [
      table(
        `${C}treatments`,
        `treatment_id BIGINT
         animal_ref BIGINT
         vet_id BIGINT
         begun_on DATE
         closed_on DATE
         amt_bil DECIMAL(10,2)
         minutes INT
         stat STRING
         is_urgent BOOLEAN`,
        {
          key: 'treatment_id',
          comment: 'One row per treatment in the clinic',
          foreignKeys: [{ columns: ['vet_id'], referencedTable: `${C}vets`, referencedColumns: ['vet_id'] }],
        },
      ),
      table(
        `${C}animals`,
        `pet_no BIGINT
         pet_name STRING
         species STRING
         weight_kg DOUBLE`,
        { key: 'pet_no', comment: 'Animals we look after' },
      ),
      table(
        `${C}vets`,
        `vet_id BIGINT
         full_name STRING
         wing STRING
         rate DECIMAL(8,2)`,
        { key: 'vet_id', comment: 'Doctors of the clinic' },
      ),
    ],
    functions,
  };
}

export const clinicSpace = (functions: string[] = []): SpaceBuilder =>
  new SpaceBuilder([`${C}animals`, `${C}treatments`, `${C}vets`], functions);

export const clinicValues = lookupOf({
  'animals.species': ['Dog', 'Cat', 'Guinea Pig', 'Horse'],
  'vets.wing': ['NORTH WING', 'SOUTH WING'],
  'treatments.stat': ['OPEN', 'DONE', 'VOID'],
});
