import { CONDITIONS } from './corpus-conditions.ts';
import { QUERIES } from './corpus-queries.ts';
import { RELATIONS } from './corpus-relations.ts';
import type { CorpusEntry } from './describe-facts.ts';

/** Statements of the kind Genie writes, about an invented shop. */
export const CORPUS: readonly CorpusEntry[] = [...RELATIONS, ...CONDITIONS, ...QUERIES];
