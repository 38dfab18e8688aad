import { InvalidOptionError, nearestName } from '../core/index.ts';
import type { Space } from '../spaces/index.ts';
import type { LocalGenieAnswer, LocalGenieEngine } from './genie-engine.ts';

/** What the scripted Genie may say to one question; a benchmark has the right shape. */
export interface ScriptedAnswer {
  readonly id: string;
  readonly question: string;
  /** SQL of a passing answer, without `${variables}`. */
  readonly expected_sql: string;
  /** SQL of a failing answer; `null`: words only. Default: one row that no answer key has. */
  readonly wrong_sql?: string | null | undefined;
}

/** From 0 (always fails) to 1 (always passes), or the same as a function of the space that is asked. */
export type PassRate = number | ((space: Space) => number);

export interface ScriptedGenieOptions {
  /** By question id or by the text of the question. */
  readonly pass?: Readonly<Record<string, PassRate>> | undefined;
  readonly answers: readonly ScriptedAnswer[];
  /** For questions without an entry in `pass`. Default 1. */
  readonly otherwise?: PassRate | undefined;
}

/** A row that no answer key has. */
const WRONG_SQL = `SELECT 'scripted wrong answer' AS scripted_wrong_answer`;

/**
 * An engine that passes each question with a given probability, for tests of decisions where SQL is beside the point.
 *
 * Draws from the workspace's seeded numbers, so equal seeds give equal runs. A question that is not among
 * the answers gets words instead of SQL.
 *
 * @throws {InvalidOptionError} for a key of `pass` without an answer, an ambiguous question, a rate outside 0 to 1
 * @see spec/local-workspace.md §4
 */
export function scriptedGenie(options: ScriptedGenieOptions): LocalGenieEngine {
  const byText = new Map<string, ScriptedAnswer>();
  for (const answer of options.answers) {
    const other = byText.get(textKey(answer.question));
    if (other !== undefined)
      throw new InvalidOptionError('answers', `holds the same question twice: ${other.id} and ${answer.id}`);
    byText.set(textKey(answer.question), answer);
  }
  const rates = ratesById(options);
  const otherwise = options.otherwise ?? 1;
  return {
    async answer({ question, space, random, signal }) {
      signal?.throwIfAborted();
      const answer = byText.get(textKey(question));
      if (answer === undefined) return words('This question is not in the script.');
      const rate = rates.get(answer.id) ?? otherwise;
      const passes = random() < checkedRate(answer.id, typeof rate === 'function' ? rate(space) : rate);
      const sql = passes
        ? answer.expected_sql
        : answer.wrong_sql === undefined
          ? WRONG_SQL
          : answer.wrong_sql;
      return sql === null ? words('The script has no SQL for this.') : { sql, text: null, thoughts: [] };
    },
  };
}

const textKey = (text: string): string => text.trim().replaceAll(/\s+/g, ' ').toLowerCase();

const words = (text: string): LocalGenieAnswer => ({ sql: null, text, thoughts: [] });

function ratesById({ pass = {}, answers, otherwise }: ScriptedGenieOptions): Map<string, PassRate> {
  const ids = new Map(
    answers.flatMap(({ id, question }) => [[id, id] as const, [textKey(question), id] as const]),
  );
  const rates = new Map<string, PassRate>();
  for (const [key, rate] of Object.entries(pass)) {
    const id = ids.get(key) ?? ids.get(textKey(key));
    if (id === undefined) {
      const near = nearestName(
        key,
        answers.map((answer) => answer.id),
      );
      throw new InvalidOptionError(
        'pass',
        `names '${key}', which is no id and no question of the answers${near === null ? '' : `; did you mean '${near}'?`}`,
      );
    }
    if (typeof rate === 'number') checkedRate(key, rate);
    rates.set(id, rate);
  }
  if (typeof otherwise === 'number') checkedRate('otherwise', otherwise);
  return rates;
}

function checkedRate(key: string, rate: number): number {
  if (rate >= 0 && rate <= 1) return rate;
  throw new InvalidOptionError('pass', `must be from 0 to 1 for '${key}', got ${rate}`);
}
