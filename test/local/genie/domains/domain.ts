import { scriptStatements } from '../../../../src/local/engine/lexer.ts';
import { SqlEngine } from '../../../../src/local/engine/sql-engine.ts';
import { localGenie } from '../../../../src/local/genie/index.ts';
import type { Space } from '../../../../src/spaces/index.ts';

/** A question as people ask it, and the SQL a person wrote for it. */
export type DomainQuestion = readonly [question: string, sql: string];

export interface Domain {
  readonly name: string;
  readonly today: string;
  readonly script: string;
  /** As an owner starts: tables and functions, nothing said about them. */
  readonly bare: Space;
  readonly described: Space;
  readonly questions: readonly DomainQuestion[];
}

export interface DomainAnswer {
  readonly question: string;
  readonly right: boolean;
  readonly sql: string | null;
}

const genie = localGenie();

/** Asks every question of a domain and compares the rows of both statements. */
export async function answersOf(domain: Domain, space: Space): Promise<DomainAnswer[]> {
  const engine = await SqlEngine.open(domain.today);
  try {
    for (const statement of scriptStatements(domain.script)) await engine.execute(statement.sql);
    const catalog = engine.snapshot();
    const answers: DomainAnswer[] = [];
    for (const [question, expected] of domain.questions) {
      const { sql } = await genie.answer({
        question,
        space,
        catalog,
        today: domain.today,
        values: engine,
        variance: 0,
        random: () => 0.5,
      });
      const wanted = (await engine.execute(expected)).rows;
      const got = sql === null ? null : await rowsOf(engine, sql);
      answers.push({
        question,
        sql,
        right: got !== null && sameRows(wanted, got, /\bORDER BY\b/i.test(expected)),
      });
    }
    return answers;
  } finally {
    await engine.close();
  }
}

type Rows = readonly (readonly (string | null)[])[];

/** A statement that does not run is a wrong answer, not a broken test. */
async function rowsOf(engine: SqlEngine, sql: string): Promise<Rows | null> {
  try {
    return (await engine.execute(sql)).rows;
  } catch {
    return null;
  }
}

/** Same rows; further columns of the answer and the order of columns do not matter, an empty result proves nothing. */
export function sameRows(wanted: Rows, got: Rows, inOrder: boolean): boolean {
  const [first] = wanted;
  if (first === undefined || wanted.length !== got.length) return false;
  const width = got[0]?.length ?? 0;
  const cell = (value: string | null | undefined): string => {
    const number = Number(value);
    if (typeof value !== 'string' || value === '' || Number.isNaN(number)) return value ?? 'NULL';
    return number.toPrecision(9);
  };
  const lines = (rows: Rows, columns: readonly number[]): string => {
    const texts = rows.map((row) => columns.map((column) => cell(row[column])).join('|'));
    return (inOrder ? texts : texts.sort()).join('\n');
  };
  const place = (chosen: readonly number[]): boolean => {
    const at = chosen.length;
    const own = [...chosen.keys()];
    if (at > 0 && lines(wanted, own) !== lines(got, chosen)) return false;
    if (at === first.length) return true;
    return Array.from({ length: width }, (_, column) => column).some(
      (column) => !chosen.includes(column) && place([...chosen, column]),
    );
  };
  return place([]);
}
