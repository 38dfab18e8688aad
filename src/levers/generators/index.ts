import { proposeNotes } from './asset-notes.ts';
import { proposeRouting } from './asset-routing.ts';
import type { Generator } from './draft.ts';
import { proposeExamples } from './example-sql.ts';
import { proposeExpressions } from './expressions.ts';
import { proposeFilters } from './missing-filter.ts';
import { proposeJudgedIssues } from './judged-issues.ts';
import { proposeViewDimensions } from './metric-view-dimension.ts';
import { proposeViewMeasures } from './metric-view-measure.ts';
import { proposeRules } from './missing-instruction.ts';
import { proposeDates } from './missing-temporal-filter.ts';
import { proposeCounts } from './counted-things.ts';
import { proposeStability } from './repeatability.ts';
import { proposeArguments } from './tvf-parameter.ts';
import { proposeValueLinking } from './value-linking.ts';
import { proposeSharedWords } from './words-taken.ts';
import { proposeColumnWords } from './wrong-column.ts';
import { proposeJoins } from './wrong-join.ts';
import { proposeMeasures } from './wrong-measure.ts';
import { proposeTableWords } from './wrong-table.ts';

/** Every generator, by the failure it repairs. Order does not matter: proposals are ranked. */
export const GENERATORS: Readonly<Record<string, Generator>> = {
  asset_notes: proposeNotes,
  asset_routing_error: proposeRouting,
  counted_things: proposeCounts,
  example_sql: proposeExamples,
  expressions: proposeExpressions,
  judged_issues: proposeJudgedIssues,
  metric_view_dimension: proposeViewDimensions,
  metric_view_measure: proposeViewMeasures,
  missing_filter: proposeFilters,
  missing_instruction: proposeRules,
  missing_temporal_filter: proposeDates,
  repeatability_issue: proposeStability,
  shared_words: proposeSharedWords,
  tvf_parameter_error: proposeArguments,
  value_linking: proposeValueLinking,
  wrong_column: proposeColumnWords,
  wrong_join: proposeJoins,
  wrong_measure: proposeMeasures,
  wrong_table: proposeTableWords,
};
