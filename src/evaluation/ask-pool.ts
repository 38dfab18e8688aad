/** One question put to Genie once, with its wire names. */
export interface AskRecord {
  /** Hash of the space that answered. */
  readonly config_hash: string;
  readonly question_id: string;
  /** 0, 1, 2 … per space and question, in the order of asking. */
  readonly ask_index: number;
  /** `excluded`: the ask says nothing about the space. */
  readonly verdict: 'pass' | 'fail' | 'excluded';
}

/** Remembers every ask, so that paired tests and stability checks can use answers that were already paid for. */
export class AskPool {
  readonly #records: AskRecord[] = [];
  readonly #counts = new Map<string, number>();

  /** @param records - of an earlier run, in the order of asking */
  constructor(records: readonly AskRecord[] = []) {
    for (const { config_hash, question_id, verdict } of records)
      this.add({ config_hash, question_id, verdict });
  }

  /** Records an ask and numbers it. */
  add(ask: Omit<AskRecord, 'ask_index'>): AskRecord {
    const key = `${ask.config_hash}:${ask.question_id}`;
    const ask_index = this.#counts.get(key) ?? 0;
    this.#counts.set(key, ask_index + 1);
    const record = { ...ask, ask_index };
    this.#records.push(record);
    return record;
  }

  /** All asks, or those of one space, or of one question under it; in the order of asking. */
  records(configHash?: string, questionId?: string): readonly AskRecord[] {
    return this.#records.filter(
      (record) =>
        (configHash === undefined || record.config_hash === configHash) &&
        (questionId === undefined || record.question_id === questionId),
    );
  }
}
