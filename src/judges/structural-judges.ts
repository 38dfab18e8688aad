import { arbiterJudge } from './arbiter.ts';
import { assetRoutingJudge, type AssetRoutingOptions } from './asset-routing.ts';
import { completenessJudge } from './completeness.ts';
import type { Judge } from './judge.ts';
import { logicalAccuracyJudge } from './logical-accuracy.ts';
import { resultCorrectnessJudge } from './result-correctness.ts';
import { schemaAccuracyJudge } from './schema-accuracy.ts';
import { semanticEquivalenceJudge } from './semantic-equivalence.ts';
import { differenceFinder } from './structure/find-differences.ts';
import { syntaxValidityJudge } from './syntax-validity.ts';

/**
 * The eight judges in scoring order, decided from syntax trees and results; no model, no network.
 *
 * The judges of one call share what they find out about a row.
 *
 * @see spec/judges.md §1
 */
export function structuralJudges(options: AssetRoutingOptions = {}): readonly Judge[] {
  const find = differenceFinder();
  return [
    syntaxValidityJudge(),
    schemaAccuracyJudge(find),
    logicalAccuracyJudge(find),
    semanticEquivalenceJudge(find),
    completenessJudge(find),
    assetRoutingJudge(options),
    resultCorrectnessJudge(find),
    arbiterJudge(find),
  ];
}
