import { HEX_ID } from '../core/index.ts';
import * as z from 'zod';
import { exampleSqls, textOf, toTextLines } from '../spaces/index.ts';
import type { ExampleSql, SpacePath } from '../spaces/index.ts';
import { someText } from './payload-schemas.ts';
import type { Snapshot } from './snapshot.ts';

export const EXAMPLE_FIELDS = {
  question: someText,
  sql: someText,
  /** When Genie should use the example. */
  usage_guidance: someText.optional(),
  parameters: z
    .array(
      z.strictObject({
        name: someText,
        type_hint: someText.optional(),
        description: someText.optional(),
        default_value: someText.optional(),
      }),
    )
    .optional(),
} as const;

interface ExampleFields {
  readonly question?: string | undefined;
  readonly sql?: string | undefined;
  readonly usage_guidance?: string | undefined;
  readonly parameters?:
    | readonly {
        readonly name: string;
        readonly type_hint?: string | undefined;
        readonly description?: string | undefined;
        readonly default_value?: string | undefined;
      }[]
    | undefined;
}

/** Equal for questions that differ in case and spaces only. */
export const questionKey = (question: string): string =>
  question.trim().replaceAll(/\s+/gu, ' ').toLowerCase();

export const exampleKey = (target: string): string => `example:${questionKey(target)}`;
export const examplePath = (id: string): SpacePath => [
  'instructions',
  'example_question_sqls',
  { by: 'id', is: id },
];

/** The examples with this id, else with this question. */
export function findExamples({ space }: Snapshot, target: string): readonly ExampleSql[] {
  const all = exampleSqls(space);
  const byId = HEX_ID.test(target) ? all.filter((example) => example.id === target) : [];
  return byId.length > 0
    ? byId
    : all.filter((example) => questionKey(textOf(example.question)) === questionKey(target));
}

/** Wire form of the fields that are given. */
export function exampleFields(fields: ExampleFields): Record<string, unknown> {
  const wire: Record<string, unknown> = {};
  if (fields.question !== undefined) wire['question'] = toTextLines(fields.question.trim());
  if (fields.sql !== undefined) wire['sql'] = toTextLines(fields.sql.trim());
  if (fields.usage_guidance !== undefined) wire['usage_guidance'] = toTextLines(fields.usage_guidance);
  if (fields.parameters !== undefined) {
    wire['parameters'] = fields.parameters.map(({ name, type_hint, description, default_value }) => ({
      name,
      ...(type_hint === undefined ? {} : { type_hint }),
      ...(description === undefined ? {} : { description: toTextLines(description) }),
      ...(default_value === undefined ? {} : { default_value: { values: [default_value] } }),
    }));
  }
  return wire;
}
