import { normalizeFailureType } from '../../asi/index.ts';
import { compareCodeUnits, shortName } from '../../core/index.ts';
import type { AnalyzedRow } from '../alignment/row-analysis.ts';
import { mainAsset, topicsOf, type Asset } from './asset-routing.ts';
import { describeUse } from './descriptions.ts';
import { quoteList, type Change, type Draft, type Generator } from './draft.ts';

const wavers = ({ row, failed }: AnalyzedRow): boolean =>
  failed &&
  row.asi.some(({ asi }) => normalizeFailureType(asi.failure_type).failure_type === 'repeatability_issue');

/**
 * Ties a question whose statement changes between runs to the asset of its answer key: by a description where a
 * table or metric view answers, by an instruction where a function does.
 *
 * @see spec/asi-clustering-levers.md §9
 */
export const proposeStability: Generator = (context) => {
  const byAsset = new Map<string, { asset: Asset; rows: AnalyzedRow[] }>();
  for (const row of context.rows) {
    if (!wavers(row)) continue;
    const asset = mainAsset(row.row.facts.expected, context);
    if (asset === null) continue;
    const entry = byAsset.get(asset.source.key) ?? { asset, rows: [] };
    entry.rows.push(row);
    byAsset.set(asset.source.key, entry);
  }
  return [...byAsset]
    .sort(([a], [b]) => compareCodeUnits(a, b))
    .flatMap(([key, { asset, rows }]): Draft[] => {
      const topics = topicsOf(rows, asset, context);
      const change = topics.length === 0 ? null : tie(asset, topics);
      if (change === null) return [];
      return [
        {
          failure_type: 'repeatability_issue',
          question_ids: rows.map(({ row }) => row.question_id).sort(compareCodeUnits),
          changes: [change],
          reason: `the statement changes between runs and nothing ties ${quoteList(topics)} to ${shortName(key)}`,
          confidence: Math.min(0.75, 0.45 + 0.1 * rows.length),
        },
      ];
    });
};

const tie = (asset: Asset, topics: readonly string[]): Change | null =>
  asset.kind === 'source'
    ? describeUse(asset.source, { best_for: topics })
    : {
        type: 'add_instruction',
        text: `For ${quoteList(topics, 'or')} always call ${shortName(asset.source.key)} with the values that the question names, not another asset.`,
      };
