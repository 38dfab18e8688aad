import { sha256 } from '../core/index.ts';
import type { StatementResult } from '../ports/index.ts';

/**
 * Results of answer keys, so that each is executed once per day and run, not once per evaluation.
 *
 * Owned by the caller, who decides how long it lives. Failures are not kept.
 *
 * @see spec/evaluation.md §6.1
 */
export class GroundTruthCache {
  readonly #results = new Map<string, Promise<StatementResult>>();

  /** Number of results kept or under way. */
  get size(): number {
    return this.#results.size;
  }

  /**
   * The result of a statement on a day; `load` runs at most once at a time.
   *
   * @param sql - resolved and sanitised
   * @param day - `YYYY-MM-DD`: answer keys with relative dates change with it
   * @param rowLimit - results cut at another limit are other results
   */
  async get(
    sql: string,
    day: string,
    rowLimit: number,
    load: () => Promise<StatementResult>,
  ): Promise<StatementResult> {
    const key = `${day}:${rowLimit}:${sha256(sql)}`;
    const known = this.#results.get(key);
    if (known !== undefined) return known;
    const loading = load();
    this.#results.set(key, loading);
    try {
      return await loading;
    } catch (error) {
      this.#results.delete(key);
      throw error;
    }
  }

  clear(): void {
    this.#results.clear();
  }
}
