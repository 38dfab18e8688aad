import { newId } from '../new-id.ts';
import { messageOf, nameKey, seededRandom } from '../../core/index.ts';
import type { CatalogSnapshot } from '../../ports/index.ts';
import { dataSources, spaceHash, sqlFunctions } from '../../spaces/index.ts';
import type { Space } from '../../spaces/index.ts';
import { SqlEngine } from '../engine/sql-engine.ts';
import type { LocalGenieAnswer, LocalGenieEngine } from '../genie-engine.ts';
import type { QuestionFault } from './faults.ts';
import type { StatementStore } from './statement-store.ts';

/** One part of an answer, before it is written as JSON. */
export type GenieAttachment =
  | {
      readonly kind: 'query';
      readonly attachmentId: string;
      readonly sql: string;
      readonly statementId: string | null;
      readonly rowCount: number;
      readonly truncated: boolean;
      readonly thoughts: LocalGenieAnswer['thoughts'];
      readonly description: string | null;
    }
  | {
      readonly kind: 'text';
      readonly attachmentId: string;
      readonly content: string;
      readonly asksBack: boolean;
    };

export interface GenieOutcome {
  readonly status: 'COMPLETED' | 'FAILED' | 'CANCELLED';
  readonly attachments: readonly GenieAttachment[];
  readonly error: { readonly type: string; readonly message: string } | null;
}

/** An entry of the log of questions. */
export interface AskLogEntry {
  /** ISO 8601. */
  readonly at: string;
  readonly spaceId: string;
  readonly question: string;
  /** Hash of the space's content at that moment. */
  readonly configHash: string;
}

export interface GenieAnswersOptions {
  readonly engine: LocalGenieEngine;
  readonly sql: SqlEngine;
  readonly statements: StatementStore;
  /** YYYY-MM-DD, asked for at every question. */
  readonly today: () => string;
  readonly now: () => Date;
  readonly variance: number;
  readonly seed: string | number;
  /** Asked at every question. */
  readonly nextFault?: (question: string) => QuestionFault | null;
}

/** Rows of an inline result of Genie. @see spec/databricks-apis.md §2.2 */
export const RESULT_ROWS = 5_000;

/** Asks the engine, runs its SQL and says what came of it. Keeps the log of every question. */
export class GenieAnswers {
  readonly askLog: AskLogEntry[] = [];
  readonly #options: GenieAnswersOptions;
  readonly #asks = new Map<string, number>();
  #visible: { readonly key: string; readonly snapshot: CatalogSnapshot } | null = null;

  constructor(options: GenieAnswersOptions) {
    this.#options = options;
  }

  /** Never rejects: what goes wrong is a FAILED outcome. */
  async answer(spaceId: string, space: Space, question: string): Promise<GenieOutcome> {
    const configHash = spaceHash(space);
    const { engine, now, seed, sql, today, variance } = this.#options;
    this.askLog.push({ at: now().toISOString(), spaceId, question, configHash });
    const count = (this.#asks.get(JSON.stringify([configHash, question])) ?? 0) + 1;
    this.#asks.set(JSON.stringify([configHash, question]), count);
    const fault = this.#options.nextFault?.(question) ?? null;
    if (fault?.status === 'CANCELLED') return { status: 'CANCELLED', attachments: [], error: null };
    if (fault?.status === 'FAILED')
      return failed(
        fault.errorType ?? 'GENERIC_CHAT_COMPLETION_EXCEPTION',
        fault.message ?? 'Fault on demand: the question failed.',
        [],
      );
    try {
      const answer = await engine.answer({
        question,
        space,
        catalog: this.#catalogOf(space, configHash),
        today: today(),
        values: sql,
        variance,
        random: seededRandom(JSON.stringify([seed, configHash, question, count])),
      });
      return await this.#execute(answer);
    } catch (error) {
      return failed('GENERIC_CHAT_COMPLETION_EXCEPTION', messageOf(error), []);
    }
  }

  async #execute(answer: LocalGenieAnswer): Promise<GenieOutcome> {
    const text: GenieAttachment[] =
      answer.text === null
        ? []
        : [{ kind: 'text', attachmentId: newId(), content: answer.text, asksBack: answer.sql === null }];
    if (answer.sql === null) return { status: 'COMPLETED', attachments: text, error: null };
    const query = {
      kind: 'query',
      attachmentId: newId(),
      sql: answer.sql,
      thoughts: answer.thoughts,
      description: answer.text,
    } as const;
    if (writes(answer.sql))
      return failed('SQL_EXECUTION_EXCEPTION', 'The generated SQL is no query.', [
        { ...query, statementId: null, rowCount: 0, truncated: false },
      ]);
    const statement = this.#options.statements.start(answer.sql, { rowLimit: RESULT_ROWS });
    await statement.ended;
    const attachment = {
      ...query,
      statementId: statement.statementId,
      rowCount: statement.result?.rows.length ?? 0,
      truncated: statement.result?.truncated ?? false,
    };
    if (statement.state !== 'SUCCEEDED')
      return failed('SQL_EXECUTION_EXCEPTION', statement.error?.message ?? 'The statement was canceled.', [
        attachment,
      ]);
    return { status: 'COMPLETED', attachments: [attachment, ...text], error: null };
  }

  /** What Genie may see of the catalog: the objects of the space and nothing else. */
  #catalogOf(space: Space, configHash: string): CatalogSnapshot {
    const { sql } = this.#options;
    const key = `${configHash} ${sql.model.version}`;
    if (this.#visible?.key === key) return this.#visible.snapshot;
    const all = sql.snapshot();
    const tables = new Set(dataSources(space).map((source) => nameKey(source.identifier)));
    const functions = new Set(sqlFunctions(space).map((fn) => nameKey(fn.identifier)));
    const snapshot: CatalogSnapshot = {
      tables: all.tables.filter((table) => tables.has(nameKey(table.name))),
      functions: all.functions.filter((fn) => functions.has(nameKey(fn.name))),
    };
    this.#visible = { key, snapshot };
    return snapshot;
  }
}

const failed = (type: string, message: string, attachments: readonly GenieAttachment[]): GenieOutcome => ({
  status: 'FAILED',
  attachments,
  error: { type, message },
});

function writes(sql: string): boolean {
  try {
    return SqlEngine.changesSomething(sql);
  } catch {
    // A text that does not parse as DDL fails with its own message when it runs.
    return false;
  }
}
