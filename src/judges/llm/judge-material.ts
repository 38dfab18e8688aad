import type { JudgeInput, ResultSample } from '../judge.ts';
import type { PromptVariable } from './render-prompt.ts';

/** Longest piece of SQL, instructions, sample and cell in a prompt, characters. @see spec/judges.md §4.3, §6.1 */
const LIMITS = { sql: 20_000, instructions: 2000, sample: 4000, cell: 100, rows: 5 } as const;

/** What the four judges see of a row. */
export function judgeMaterial(input: JudgeInput): Readonly<Partial<Record<PromptVariable, unknown>>> {
  const { benchmark } = input;
  return {
    inputs: { question: benchmark.question, ...(input.today === undefined ? {} : { today: input.today }) },
    outputs: {
      generated_sql: cut(input.generatedSql ?? '', LIMITS.sql),
      ...(input.answerText === null ? {} : { answer_text: cut(input.answerText, LIMITS.instructions) }),
      comparison: comparisonSummary(input),
    },
    expectations: {
      expected_sql: cut(input.expectedSql, LIMITS.sql),
      ...(benchmark.expected_facts.length === 0 ? {} : { expected_facts: benchmark.expected_facts }),
      ...(benchmark.guidelines === '' ? {} : { guidelines: benchmark.guidelines }),
    },
  };
}

/** What the arbiter sees in addition: the first rows of both results and the instructions of the space. */
export function arbiterMaterial(input: JudgeInput): Readonly<Partial<Record<PromptVariable, unknown>>> {
  const material = judgeMaterial(input);
  const instructions = (input.space.instructions?.text_instructions ?? [])
    .flatMap(({ content }) => content)
    .join('\n');
  return {
    ...material,
    outputs: {
      ...(material.outputs as object),
      generated_rows: sampleText(input.resultSamples?.actual ?? null),
      reference_rows: sampleText(input.resultSamples?.expected ?? null),
    },
    expectations: {
      ...(material.expectations as object),
      ...(instructions === '' ? {} : { space_instructions: cut(instructions, LIMITS.instructions) }),
    },
  };
}

function comparisonSummary({ comparison }: JudgeInput): Record<string, unknown> {
  return {
    match: comparison.match,
    match_type: comparison.matchType,
    reference_rows: comparison.expectedRows,
    generated_rows: comparison.actualRows,
    ...(comparison.diff === null
      ? {}
      : {
          missing_columns: comparison.diff.missingColumns,
          extra_columns: comparison.diff.extraColumns,
          first_difference: comparison.diff.firstDifference,
        }),
  };
}

function sampleText(sample: ResultSample | null): string {
  if (sample === null) return 'not available';
  const rows = sample.rows
    .slice(0, LIMITS.rows)
    .map((row) => row.map((cell) => (cell === null ? 'NULL' : cut(cell, LIMITS.cell))).join(' | '));
  return cut([sample.columns.join(' | '), ...rows].join('\n'), LIMITS.sample);
}

const cut = (text: string, limit: number): string =>
  text.length <= limit ? text : `${text.slice(0, limit)}…`;
