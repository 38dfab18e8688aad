import { defineJudge } from './define-judge.ts';
import { nearestName } from '../core/index.ts';
import { classifyGenieError } from './error-class.ts';
import type { Judge, JudgeInput, JudgeOutcome } from './judge.ts';
import { exclude, exclusionText, fail, pass } from './outcomes.ts';
import { objectIndex } from './structure/object-index.ts';

/**
 * Whether Genie gave a statement that the warehouse accepts.
 *
 * Reads the outcome of EXPLAIN that the predict step recorded; it runs nothing. A permission we lack
 * or a warehouse that is away says nothing about the statement: the row is excluded.
 *
 * @see spec/judges.md §3.1
 */
export const syntaxValidityJudge = (): Judge =>
  defineJudge({ name: 'syntax_validity', kind: 'code', targetPct: 98, judge: (input) => judgeSyntax(input) });

function judgeSyntax(input: JudgeInput): JudgeOutcome {
  const { explain, generatedSql, comparison } = input;
  // An answer that never arrived says nothing about statements.
  if (comparison.exclusion !== null && explain === null)
    return exclude(comparison.exclusion, exclusionText(input));
  if (generatedSql === null || generatedSql.trim() === '') {
    return fail('Genie gave no SQL.', {
      failure_type: 'other',
      failure_type_raw: 'no_sql',
      severity: 'critical',
      confidence: 1,
      missing_metadata: 'nothing in the space led to a statement',
      expected_value: null,
      counterfactual_fix: `Describe the objects of this question, first of all “${input.expectedFacts.tables[0]?.name ?? input.expectedAsset}”, and its words as synonyms.`,
      blame_set: blameTables(input),
    });
  }
  if (explain === null) return exclude('infrastructure', 'The statement was not explained.');
  if (explain.ok) return pass('EXPLAIN accepts the statement.');
  const message = explain.message ?? 'EXPLAIN failed without a message';
  const known = classifyGenieError(explain.errorClass, message);
  if (known.exclusion !== null) return exclude(known.exclusion, message.slice(0, 200));
  return fail(message.slice(0, 200), {
    failure_type: known.label,
    severity: 'critical',
    confidence: 0.9,
    wrong_clause: known.clause,
    blame_set: blameOf(known.object, known.label, input),
    expected_value: known.label === 'wrong_column' ? nearestColumn(known.object, input) : null,
    actual_value: known.object ?? generatedSql.slice(0, 100),
    counterfactual_fix:
      known.object === null
        ? null
        : `Say in the space that “${known.object}” does not exist and which object is meant.`,
  });
}

const blameTables = ({ expectedFacts, space, catalog }: JudgeInput): string[] => {
  const index = objectIndex(space, catalog);
  return expectedFacts.tables.flatMap(({ name }) => index.find(name)?.key ?? []);
};

/** What exists nowhere cannot be blamed: the answer key's tables were not found, or its column was. */
function blameOf(object: string | null, label: string, input: JudgeInput): string[] {
  const index = objectIndex(input.space, input.catalog);
  const known = object === null ? null : index.find(object);
  if (known !== null) return [known.key];
  const column = label === 'wrong_column' ? nearestColumn(object, input) : null;
  return column === null ? blameTables(input) : [column];
}

/** The column of the answer key that Genie's misspelt one comes closest to. */
function nearestColumn(object: string | null, input: JudgeInput): string | null {
  if (object === null) return null;
  const index = objectIndex(input.space, input.catalog);
  const columns = input.expectedFacts.columns.flatMap(({ table, column }) => {
    const owner = table === null ? null : index.find(table);
    return owner === null
      ? []
      : [{ name: column.toLowerCase(), key: `${owner.key}.${column.toLowerCase()}` }];
  });
  const nearest = nearestName(
    object.split('.').at(-1) ?? object,
    columns.map(({ name }) => name),
  );
  return columns.find(({ name }) => name === nearest)?.key ?? null;
}
