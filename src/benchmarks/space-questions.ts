import { HEX_ID, InvariantError, type NewId } from '../core/index.ts';
import { questionKey } from './answer-text.ts';
import { benchmarkSchema, type Benchmark } from './benchmark.ts';
import { nextQuestionIds } from './question-ids.ts';

/** One entry of `benchmarks.questions` of a serialized space. @see spec/benchmarks.md §9 */
export interface SpaceQuestion {
  readonly id: string;
  readonly question: readonly string[];
  readonly answer: readonly { readonly format: string; readonly content: readonly string[] }[];
}

/** A space as far as its own benchmark questions go. */
export interface SpaceWithQuestions {
  readonly benchmarks?: { readonly questions?: readonly SpaceQuestion[] | undefined } | undefined;
}

/** What a space holds as benchmark questions. */
export interface SpaceQuestions {
  /** Those with one SQL answer; `space_question_id` is the id inside the space. */
  readonly questions: readonly Benchmark[];
  /** Those that hold no comparable answer key, with the reason. */
  readonly skipped: readonly { readonly id: string; readonly question: string; readonly reason: string }[];
}

/**
 * Reads a space's own benchmark questions as questions of a domain.
 *
 * Ids follow those of `existing`; an entry whose id or text `existing` knows is left out.
 */
export function readSpaceQuestions(
  space: SpaceWithQuestions,
  options: { readonly domain: string; readonly existing?: readonly Benchmark[] | undefined },
): SpaceQuestions {
  const existing = options.existing ?? [];
  const known = new Set(existing.flatMap((one) => [questionKey(one.question), `id:${spaceIdOf(one)}`]));
  const skipped: SpaceQuestions['skipped'][number][] = [];
  const found: { readonly id: string; readonly question: string; readonly expected_sql: string }[] = [];
  for (const entry of space.benchmarks?.questions ?? []) {
    const question = entry.question.join('').trim();
    const answers = entry.answer.filter(({ format }) => format.toUpperCase() === 'SQL');
    const expected_sql = answers[0]?.content.join('').trim() ?? '';
    const reason =
      question === ''
        ? 'it has no text'
        : known.has(questionKey(question)) || known.has(`id:${entry.id}`)
          ? 'the suite has it already'
          : answers.length !== 1
            ? `it has ${answers.length} SQL answers instead of one`
            : expected_sql === ''
              ? 'its SQL answer is empty'
              : null;
    if (reason === null) {
      known.add(questionKey(question));
      found.push({ id: entry.id, question, expected_sql });
    } else skipped.push({ id: entry.id, question, reason });
  }
  const ids = nextQuestionIds(
    options.domain,
    existing.map(({ id }) => id),
    found.length,
  );
  return {
    questions: found.map(({ id, ...texts }, index) =>
      benchmarkSchema.parse({ ...texts, id: ids[index], source: 'user', space_question_id: id }),
    ),
    skipped,
  };
}

export interface WriteSpaceQuestionsOptions {
  /** Ids of new entries. */
  readonly newId: NewId;
  /** Makes the statement that runs in the workspace, e.g. with `${catalog}` replaced. Default: as written. */
  readonly resolve?: ((sql: string) => string) | undefined;
  /** Entries that none of the questions stands for: `keep` (default) or `remove`. */
  readonly others?: 'keep' | 'remove' | undefined;
  /** Held-out questions are not shown to the space unless this is on. */
  readonly includeHeldOut?: boolean | undefined;
}

/**
 * The space with these questions among its own; everything else is the same object as before.
 *
 * An entry with the same id (`space_question_id`) or text is updated and keeps its id and unknown keys.
 * New entries come P0 first, then those a person wrote. Repeated texts are written once.
 */
export function writeSpaceQuestions<S extends SpaceWithQuestions>(
  space: S,
  questions: readonly Benchmark[],
  { newId, resolve = (sql) => sql, others = 'keep', includeHeldOut = false }: WriteSpaceQuestionsOptions,
): S {
  const before = space.benchmarks?.questions ?? [];
  const byId = new Map(before.map((entry) => [entry.id, entry]));
  const byText = new Map(before.map((entry) => [questionKey(entry.question.join('')), entry]));
  const wanted = distinctTexts(
    questions.filter((question) => includeHeldOut || question.split !== 'held_out').toSorted(byWeight),
  );
  const updated = new Map<string, SpaceQuestion>();
  const added: SpaceQuestion[] = [];
  for (const question of wanted) {
    const old = byId.get(spaceIdOf(question)) ?? byText.get(questionKey(question.question));
    const entry = {
      ...old,
      id: old?.id ?? checkedId(newId()),
      question:
        old !== undefined && questionKey(old.question.join('')) === questionKey(question.question)
          ? old.question
          : [question.question.trim()],
      answer: answerOf(old, resolve(question.expected_sql)),
    };
    if (old === undefined) added.push(entry);
    else updated.set(old.id, entry);
  }
  const kept = before.flatMap((entry) => updated.get(entry.id) ?? (others === 'keep' ? [entry] : []));
  return { ...space, benchmarks: { ...space.benchmarks, questions: [...kept, ...added] } };
}

/** Keeps the lines in which a text was cut, and unknown keys of the answer, when the text did not change. */
function answerOf(old: SpaceQuestion | undefined, sql: string): SpaceQuestion['answer'] {
  const text = sql.trimEnd();
  const [first] = old?.answer.filter(({ format }) => format.toUpperCase() === 'SQL') ?? [];
  return [{ ...first, format: 'SQL', content: sameText(first?.content, text) ?? linesOf(text) }];
}

const sameText = (lines: readonly string[] | undefined, text: string): readonly string[] | null =>
  lines !== undefined && lines.join('').trim() === text.trim() ? lines : null;

/** One element per line, each but the last ending in a line feed. */
const linesOf = (text: string): string[] => text.split(/(?<=\n)/);

function distinctTexts(questions: readonly Benchmark[]): Benchmark[] {
  const seen = new Set<string>();
  return questions.filter(({ question }) => seen.size !== seen.add(questionKey(question)).size);
}

const byWeight = (a: Benchmark, b: Benchmark): number => weightOf(a) - weightOf(b);
const weightOf = ({ priority, source }: Benchmark): number =>
  (priority === 'P0' ? 0 : 2) + (source === 'user' ? 0 : 1);

const spaceIdOf = (question: Benchmark): string =>
  typeof question['space_question_id'] === 'string' ? question['space_question_id'] : '';

function checkedId(id: string): string {
  if (!HEX_ID.test(id))
    throw new InvariantError(`The id '${id}' for a benchmark question is not 32-hex.`, { id });
  return id;
}
