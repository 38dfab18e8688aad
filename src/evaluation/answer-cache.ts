import type { GenieAnswer } from '../ports/index.ts';

/**
 * Genie's answers by space content and question, so that the same space is not asked the same thing twice.
 *
 * For work on judges and answer keys, where a new answer would only add noise. A measure of the space
 * itself needs new answers: leave it out there. Answers that were cut short are not kept.
 */
export class AnswerCache {
  readonly #answers = new Map<string, GenieAnswer>();

  /** Number of answers kept. */
  get size(): number {
    return this.#answers.size;
  }

  /** @param configHash - of the space that answers */
  get(configHash: string, question: string): GenieAnswer | undefined {
    return this.#answers.get(keyOf(configHash, question));
  }

  set(configHash: string, question: string, answer: GenieAnswer): void {
    this.#answers.set(keyOf(configHash, question), answer);
  }

  clear(): void {
    this.#answers.clear();
  }
}

const keyOf = (configHash: string, question: string): string => JSON.stringify([configHash, question]);
