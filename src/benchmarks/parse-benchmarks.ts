import { isRecord, nearestName, type Problem } from '../core/index.ts';
import { questionKey } from './answer-text.ts';
import {
  benchmarkSchema,
  CATEGORIES,
  QUESTION_SOURCES,
  type Benchmark,
  type BenchmarkSuite,
} from './benchmark.ts';
import { readBenchmarkText, type BenchmarkText, type NodePath } from './benchmark-text.ts';
import { NoBenchmarksError, placeText } from './errors.ts';
import { findQuestionList } from './question-list.ts';
import { assignSplits, type SplitOptions } from './splits.ts';

export interface ParseBenchmarksOptions {
  /** Key of the questions in the file. */
  readonly domain: string;
  /** Name of the file for messages; a name ending in `.json` is read as JSON only. */
  readonly file?: string;
  /** How questions without a written split get one. */
  readonly splits?: SplitOptions;
}

export interface ParsedBenchmarks {
  /** The valid questions. */
  readonly suite: BenchmarkSuite;
  /** One entry per rejected question or doubtful field; `details` has file, line, column and id. */
  readonly problems: readonly Problem[];
}

/**
 * Reads the questions of one domain from golden-queries YAML or JSON.
 *
 * A question that breaks the schema or repeats an id is left out with an error in `problems`; one
 * that repeats the text of another with a warning. Unknown keys stay on the question.
 *
 * @throws {BenchmarkFormatError} when the text is not valid YAML or JSON
 * @throws {NoBenchmarksError} when the file has no question for the domain, or not one valid question
 * @see spec/benchmarks.md §1
 */
export function parseBenchmarks(yamlText: string, options: ParseBenchmarksOptions): ParsedBenchmarks {
  const file = options.file ?? 'benchmarks';
  const text = readBenchmarkText(yamlText, file);
  const list = findQuestionList(text.value, options.domain, file);
  const note = problemNotes(text, file);

  const questions: Benchmark[] = [];
  const seenIds = new Map<string, NodePath>();
  const seenTexts = new Map<string, string>();
  for (const [index, entry] of list.entries.entries()) {
    const path = [...list.path, index];
    const question = parseQuestion(entry, path, note);
    if (question === null) continue;
    const earlier = seenIds.get(question.id);
    if (earlier !== undefined) {
      note(
        'DUPLICATE_ID',
        'error',
        [...path, 'id'],
        question.id,
        `the id is already used at ${note.place(earlier)}. Give this question an id of its own`,
      );
      continue;
    }
    seenIds.set(question.id, path);
    const wording = questionKey(question.question);
    const twin = seenTexts.get(wording);
    if (twin !== undefined) {
      note(
        'DUPLICATE_QUESTION',
        'warning',
        [...path, 'question'],
        question.id,
        `the text repeats ${twin}; the question is left out. Reword or remove it`,
      );
      continue;
    }
    seenTexts.set(wording, question.id);
    questions.push(question);
  }
  if (questions.length === 0) {
    throw new NoBenchmarksError(
      `${file} has no valid question for the domain '${options.domain}'. ${note.problems[0]?.message ?? ''}`,
      {
        file,
        domain: options.domain,
        problems: note.problems,
      },
    );
  }
  const assignment = assignSplits(questions, options.splits);
  return {
    suite: { domain: options.domain, questions: assignment.questions },
    problems: [...note.problems, ...assignment.problems],
  };
}

type Note = ((
  code: string,
  severity: Problem['severity'],
  path: NodePath,
  id: string | null,
  what: string,
) => void) & {
  readonly problems: Problem[];
  place(path: NodePath): string;
};

/** Collects problems, each with its place in the file. */
function problemNotes(text: BenchmarkText, file: string): Note {
  const problems: Problem[] = [];
  const place = (path: NodePath): string => placeText(file, text.positionOf(path));
  const note = (
    code: string,
    severity: Problem['severity'],
    path: NodePath,
    id: string | null,
    what: string,
  ): void => {
    const position = text.positionOf(path);
    const message = `${placeText(file, position)}: ${id === null ? 'question without id' : `question '${id}'`}: ${what}${what.endsWith('?') ? '' : '.'}`;
    problems.push({ code, severity, path: pathText(path), message, details: { file, ...position, id } });
  };
  return Object.assign(note, { problems, place });
}

const pathText = (path: NodePath): string =>
  path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`))
    .join('');

function parseQuestion(entry: unknown, path: NodePath, note: Note): Benchmark | null {
  if (!isRecord(entry)) {
    note('INVALID_QUESTION', 'error', path, null, 'expected a mapping with id, question and expected_sql');
    return null;
  }
  const flat = flatQuestion(entry);
  const id = typeof flat['id'] === 'string' ? flat['id'] : null;
  const parsed = benchmarkSchema.safeParse(flat);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      const field = String(issue.path[0] ?? '');
      note(
        'INVALID_QUESTION',
        'error',
        [...path, ...issue.path.map((step) => (typeof step === 'number' ? step : String(step)))],
        id,
        issueText(field, flat, issue.message),
      );
    }
    return null;
  }
  const question = parsed.data;
  warnOfUnknown('category', question.category, CATEGORIES, path, id, note);
  warnOfUnknown('source', question.source, QUESTION_SOURCES, path, id, note);
  return question;
}

/** Words outside a list are kept: other tools may know them. */
function warnOfUnknown(
  field: 'category' | 'source',
  word: string,
  known: readonly string[],
  path: NodePath,
  id: string | null,
  note: Note,
): void {
  if (word === '' || known.includes(word)) return;
  const near = nearestName(word, known);
  note(
    `UNKNOWN_${field.toUpperCase()}`,
    'warning',
    [...path, field],
    id,
    `the ${field} '${word}' is not one of ${known.join(', ')}${near === null ? '' : `; did you mean '${near}'?`}`,
  );
}

function issueText(field: string, flat: Record<string, unknown>, message: string): string {
  if (flat[field] === undefined) {
    const near = nearestName(
      field,
      Object.keys(flat).filter((key) => !Object.hasOwn(benchmarkSchema.shape, key)),
    );
    return `'${field}' is missing${near === null ? '' : `; the key '${near}' looks like a typing error`}`;
  }
  if (field === 'id' && typeof flat['id'] === 'number') return `'id' must be text; write it in quotes`;
  return `'${field}': ${message}`;
}

/** Field names of other tools, and records that keep the answer under `expectations`. @see spec/benchmarks.md §1.1, §9 */
function flatQuestion(entry: Record<string, unknown>): Record<string, unknown> {
  const { inputs, expectations, ...rest } = entry;
  const nested = isRecord(inputs)
    ? { ...rest, ...(isRecord(expectations) ? expectations : {}), ...inputs }
    : entry;
  const { question_id, sql, expected_response, ...flat } = nested;
  const id = flat['id'] ?? question_id;
  const expectedSql = flat['expected_sql'] ?? sql ?? expected_response;
  return {
    ...flat,
    ...(id === undefined ? {} : { id }),
    ...(expectedSql === undefined ? {} : { expected_sql: expectedSql }),
    ...(flat['source'] === 'arbiter_correction' ? { source: 'arbiter_corrected' } : {}),
  };
}
