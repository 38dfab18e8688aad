import type { ScanCheck } from '../check.ts';
import { conflictingDefinitions } from '../lint/conflicting-definitions.ts';
import { conflictingExamples } from '../lint/conflicting-examples.ts';
import { conflictingRoutes } from '../lint/conflicting-routes.ts';
import { repeatedInstruction } from '../lint/repeated-instruction.ts';
import { routeWithoutExclusion } from '../lint/route-without-exclusion.ts';
import { sqlInInstruction } from '../lint/sql-in-instruction.ts';
import { synonymAgainstInstruction } from '../lint/synonym-against-instruction.ts';
import { unknownNames } from '../lint/unknown-names.ts';
import { brokenExamples } from './broken-examples.ts';
import { competingAssets } from './competing-assets.ts';
import { crypticColumns } from './cryptic-columns.ts';
import { duplicateSynonyms } from './duplicate-synonyms.ts';
import { fewBenchmarks } from './few-benchmarks.ts';
import { hiddenJoins } from './hidden-joins.ts';
import { hiddenTables } from './hidden-tables.ts';
import { invalidSpace } from './invalid-space.ts';
import { limitsNear } from './limits-near.ts';
import { metricViewJoins } from './metric-view-joins.ts';
import { missingColumnDescriptions } from './missing-column-descriptions.ts';
import { missingExamples } from './missing-examples.ts';
import { missingInCatalog } from './missing-in-catalog.ts';
import { missingInstruction } from './missing-instruction.ts';
import { missingJoins } from './missing-joins.ts';
import { missingTableDescriptions } from './missing-table-descriptions.ts';
import { noSampleQuestions } from './no-sample-questions.ts';
import { undescribedFunctions } from './undescribed-functions.ts';
import { unmatchedValues } from './unmatched-values.ts';
import { unqualifiedSnippets } from './unqualified-snippets.ts';

/** The shipped checks, in the order of a report: what breaks a space before what would make it better. */
export const SCAN_CHECKS: readonly ScanCheck[] = [
  invalidSpace,
  missingInCatalog,
  brokenExamples,
  metricViewJoins,
  conflictingDefinitions,
  conflictingRoutes,
  conflictingExamples,
  synonymAgainstInstruction,
  duplicateSynonyms,
  missingJoins,
  hiddenJoins,
  missingTableDescriptions,
  missingColumnDescriptions,
  crypticColumns,
  undescribedFunctions,
  competingAssets,
  routeWithoutExclusion,
  unknownNames,
  sqlInInstruction,
  repeatedInstruction,
  missingExamples,
  missingInstruction,
  unqualifiedSnippets,
  hiddenTables,
  limitsNear,
  unmatchedValues,
  fewBenchmarks,
  noSampleQuestions,
];
