import type { EvaluationRow } from '../evaluation/index.ts';

/**
 * What the state under judgement has answered so far.
 *
 * The slice gate, the P0 gate and the full evaluation of one candidate overlap: a question asked by one
 * of them is not asked again by the next. Another state, or another attempt, starts empty.
 */
export interface CandidateAnswers {
  /** @param key - names state and attempt */
  readonly of: (key: string) => readonly EvaluationRow[];
  readonly add: (key: string, row: EvaluationRow) => void;
}

export function candidateAnswers(): CandidateAnswers {
  let current = { key: '', rows: [] as EvaluationRow[] };
  return {
    of: (key) => (current.key === key ? current.rows : []),
    add: (key, row) => {
      if (current.key !== key) current = { key, rows: [] };
      current.rows = [...current.rows, row];
    },
  };
}
