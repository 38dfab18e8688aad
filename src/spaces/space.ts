import * as z from 'zod';

/**
 * The content of a space (`serialized_space`, version 2), with its wire names.
 *
 * Every object is loose: keys we do not know stay where they are. Texts are arrays of strings on
 * the wire; read them with `textOf`.
 *
 * @see spec/databricks-apis.md §3
 */
const text = z.array(z.string());

export const columnConfigSchema = z.looseObject({
  column_name: z.string(),
  description: text.optional(),
  synonyms: text.optional(),
  exclude: z.boolean().optional(),
  enable_format_assistance: z.boolean().optional(),
  enable_entity_matching: z.boolean().optional(),
});

export const dataSourceSchema = z.looseObject({
  identifier: z.string(),
  description: text.optional(),
  column_configs: z.array(columnConfigSchema).optional(),
});

export const textInstructionSchema = z.looseObject({ id: z.string(), content: text });

export const exampleSqlSchema = z.looseObject({
  id: z.string(),
  question: text,
  sql: text,
  usage_guidance: text.optional(),
  parameters: z
    .array(
      z.looseObject({
        name: z.string(),
        type_hint: z.string().optional(),
        description: text.optional(),
        default_value: z.looseObject({ values: text }).optional(),
      }),
    )
    .optional(),
});

export const sqlFunctionSchema = z.looseObject({ id: z.string(), identifier: z.string() });

const joinSideSchema = z.looseObject({ identifier: z.string(), alias: z.string().optional() });

export const joinSpecSchema = z.looseObject({
  id: z.string(),
  left: joinSideSchema,
  right: joinSideSchema,
  /** Two elements: the predicate on back-quoted aliases, then `--rt=FROM_RELATIONSHIP_TYPE_…--`. */
  sql: text,
  comment: text.optional(),
  instruction: text.optional(),
});

export const sqlSnippetSchema = z.looseObject({
  id: z.string(),
  sql: text,
  display_name: z.string().optional(),
  alias: z.string().optional(),
  synonyms: text.optional(),
  instruction: text.optional(),
  comment: text.optional(),
});

export const sampleQuestionSchema = z.looseObject({ id: z.string(), question: text });

export const benchmarkQuestionSchema = z.looseObject({
  id: z.string(),
  question: text,
  answer: z.array(z.looseObject({ format: z.string(), content: text })),
});

export const spaceSchema = z.looseObject({
  version: z.literal(2),
  config: z.looseObject({ sample_questions: z.array(sampleQuestionSchema).optional() }).optional(),
  data_sources: z
    .looseObject({
      tables: z.array(dataSourceSchema).optional(),
      metric_views: z.array(dataSourceSchema).optional(),
    })
    .optional(),
  instructions: z
    .looseObject({
      text_instructions: z.array(textInstructionSchema).optional(),
      example_question_sqls: z.array(exampleSqlSchema).optional(),
      sql_functions: z.array(sqlFunctionSchema).optional(),
      join_specs: z.array(joinSpecSchema).optional(),
      sql_snippets: z
        .looseObject({
          filters: z.array(sqlSnippetSchema).optional(),
          expressions: z.array(sqlSnippetSchema).optional(),
          measures: z.array(sqlSnippetSchema).optional(),
        })
        .optional(),
    })
    .optional(),
  benchmarks: z.looseObject({ questions: z.array(benchmarkQuestionSchema).optional() }).optional(),
});

export type Space = z.infer<typeof spaceSchema>;
export type DataSource = z.infer<typeof dataSourceSchema>;
export type ColumnConfig = z.infer<typeof columnConfigSchema>;
export type JoinSpec = z.infer<typeof joinSpecSchema>;
export type ExampleSql = z.infer<typeof exampleSqlSchema>;
export type SqlSnippet = z.infer<typeof sqlSnippetSchema>;
