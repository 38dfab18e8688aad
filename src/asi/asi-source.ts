import { compareCodeUnits, isRecord } from '../core/index.ts';
import { SEVERITIES, type AsiRecord, type AsiSource } from './asi.ts';
import { buildAsi, type AsiInput } from './build-asi.ts';
import { failureTypeFromRationale } from './rationale.ts';
import type { StatementPair } from './root-cause.ts';
import { failureTypeFromSql } from './sql-difference.ts';
import { normalizeVerdict } from './verdict.ts';

/** A record that says where it came from. */
export interface SourcedAsi extends AsiRecord {
  readonly asi_source: AsiSource;
}

/** A row of an evaluation as tables and artifacts hold it: flat keys, values of any kind. */
export type FlatRow = Readonly<Record<string, unknown>>;

export interface CollectAsiInput {
  readonly rows: readonly FlatRow[];
  /** Records of the Unity Catalog table, read beforehand. Default none. */
  readonly tableRecords?: readonly AsiRecord[] | undefined;
  /** Facts of the statements by question, for the difference of the two. Default none. */
  readonly facts?: ReadonlyMap<string, StatementPair> | undefined;
}

export interface CollectedAsi {
  /** In the order of question, judge, source. */
  readonly records: readonly SourcedAsi[];
  /** Judges that gave no verdict on a question: a matter of the judge's health, never a failure. */
  readonly unknown: readonly { readonly question_id: string; readonly judge: string }[];
}

/**
 * Collects the reasons of all failing verdicts from whatever holds them.
 *
 * The first source that knows a question's judge wins for that judge: a table that lacks one judge does
 * not hide what the row says of it. Only verdicts that count as a failure give records.
 *
 * @see spec/asi-clustering-levers.md §3
 */
export function collectAsi({ rows, tableRecords = [], facts }: CollectAsiInput): CollectedAsi {
  const records = new Map<string, SourcedAsi>();
  const unknown = new Map<string, { question_id: string; judge: string }>();
  const keyOf = (question: string, judge: string): string => `${question}\u0001${judge}`;
  const offer = (record: AsiRecord, asi_source: AsiSource): void => {
    const key = keyOf(record.question_id, record.judge);
    if (!records.has(key)) records.set(key, { ...record, asi_source });
  };
  for (const record of tableRecords) offer(record, 'uc_table');
  for (const row of rows) {
    const question_id = questionIdOf(row);
    const pair = facts?.get(question_id);
    for (const [judge, verdict] of verdictsOf(row)) {
      const kind = normalizeVerdict(verdict.value);
      if (kind === 'unknown') unknown.set(keyOf(question_id, judge), { question_id, judge });
      if (kind !== 'fail') continue;
      for (const [source, input] of readersOf(row, judge, verdict.rationale, pair)) {
        if (input === null) continue;
        offer({ question_id, judge, rationale: verdict.rationale, asi: buildAsi(input) }, source);
        break;
      }
    }
  }
  const ordered = [...records].sort(([a], [b]) => compareCodeUnits(a, b));
  const silent = [...unknown].filter(([key]) => !records.has(key)).sort(([a], [b]) => compareCodeUnits(a, b));
  return { records: ordered.map(([, record]) => record), unknown: silent.map(([, item]) => item) };
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const questionIdOf = (row: FlatRow): string =>
  ['inputs/question_id', 'question_id', 'inputs/question', 'question']
    .map((key) => text(row[key]))
    .find(Boolean) ?? 'unknown';

interface Verdict {
  readonly value: string | number | boolean | null;
  readonly rationale: string;
}

/** Every judge with a verdict: `<judge>/value`, `feedback/<judge>` and the list of assessments. */
function verdictsOf(row: FlatRow): ReadonlyMap<string, Verdict> {
  const verdicts = new Map<string, Verdict>();
  for (const [key, value] of Object.entries(row)) {
    const judge = key.startsWith('feedback/')
      ? key.slice('feedback/'.length).replace(/\/value$/, '')
      : key.endsWith('/value')
        ? key.slice(0, -'/value'.length)
        : null;
    if (judge === null || judge.includes('/') || verdicts.has(judge)) continue;
    const rationale =
      text(row[`${judge}/rationale`]) || text(row[`rationale/${judge}`]) || text(row['rationale']);
    verdicts.set(judge, { value: scalar(value), rationale });
  }
  for (const { judge, value, rationale } of assessmentsOf(row)) {
    if (!verdicts.has(judge)) verdicts.set(judge, { value, rationale });
  }
  return verdicts;
}

const scalar = (value: unknown): Verdict['value'] =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;

/** What each source of one row says of one judge, the most trusted first. */
function* readersOf(
  row: FlatRow,
  judge: string,
  rationale: string,
  pair: StatementPair | undefined,
): Generator<readonly [AsiSource, AsiInput | null]> {
  yield ['row_metadata', asiInputOf(row[`${judge}/metadata`])];
  yield ['assessments', asiInputOf(assessmentsOf(row).find((item) => item.judge === judge)?.metadata)];
  const prefix = `metadata/${judge}/`;
  yield [
    'flat_columns',
    asiInputOf(
      Object.fromEntries(
        Object.entries(row).flatMap(([key, value]) =>
          key.startsWith(prefix) ? [[key.slice(prefix.length), value]] : [],
        ),
      ),
    ),
  ];
  const fromSql =
    pair === undefined || pair.generated === null ? null : failureTypeFromSql(pair.expected, pair.generated);
  yield ['sql_difference', fromSql === null ? null : { failure_type: fromSql, confidence: 0.7 }];
  // A failing verdict is never lost, whatever little it says.
  yield ['rationale', { failure_type: failureTypeFromRationale(rationale) ?? 'other', confidence: 0.5 }];
}

interface Assessment extends Verdict {
  readonly judge: string;
  readonly metadata: unknown;
}

function assessmentsOf(row: FlatRow): readonly Assessment[] {
  const list = row['assessments'];
  if (!Array.isArray(list)) return [];
  return list.flatMap((item: unknown): Assessment[] => {
    if (!isRecord(item)) return [];
    const judge = text(item['name']) || text(item['assessment_name']);
    const feedback = isRecord(item['feedback']) ? item['feedback'] : item;
    if (judge === '') return [];
    return [
      {
        judge,
        value: scalar(feedback['value']),
        rationale: text(item['rationale']),
        metadata: item['metadata'],
      },
    ];
  });
}

/** Fields of ASI from what a table or a row holds, read leniently; `null` when there is no failure type. */
export function asiInputOf(value: unknown): AsiInput | null {
  if (!isRecord(value) || text(value['failure_type']) === '') return null;
  const maybe = (key: string): string | null => text(value[key]) || null;
  const confidence = value['confidence'];
  const number =
    typeof confidence === 'number' ? confidence : text(confidence) === '' ? undefined : Number(confidence);
  return {
    failure_type: text(value['failure_type']),
    failure_type_raw: maybe('failure_type_raw'),
    severity: SEVERITIES.find((item) => item === value['severity']),
    confidence: number,
    wrong_clause: maybe('wrong_clause'),
    blame_set: listOf(value['blame_set']),
    quoted_metadata_text: maybe('quoted_metadata_text'),
    missing_metadata: maybe('missing_metadata'),
    ambiguity_detected: value['ambiguity_detected'] === true || value['ambiguity_detected'] === 'true',
    expected_value: maybe('expected_value'),
    actual_value: maybe('actual_value'),
    counterfactual_fix: maybe('counterfactual_fix'),
    affected_question_pattern: maybe('affected_question_pattern'),
  };
}

/** A list, a JSON array as text, or one name as it stands. */
function listOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.filter((item): item is string => typeof item === 'string');
  if (typeof value !== 'string' || value.trim() === '') return [];
  try {
    return listOf(JSON.parse(value) as unknown);
  } catch {
    // What is no JSON is the name itself.
    return [value];
  }
}
