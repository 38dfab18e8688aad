import type { CorpusOptions } from './corpus.ts';

/** What `docs/judges.md` shows. The seed was not looked at while the judges were worked on. */
export const FULL: CorpusOptions = {
  seed: 20261122,
  samples: ['tpch', 'retail'],
  generated: 8,
  rewritesPerBase: 4,
};

/** Small enough for a test, which compares it with the page. */
export const SMALL: CorpusOptions = { seed: 3, samples: [], generated: 1, rewritesPerBase: 3 };
