import { normalizeFailureType } from '../../asi/index.ts';
import { compareCodeUnits, shortName } from '../../core/index.ts';
import type { AnalyzedRow } from '../alignment/row-analysis.ts';
import { mainAsset, negative, topicsOf, type Asset } from './asset-routing.ts';
import { describeUse } from './descriptions.ts';
import { quoteList, type Change, type Draft, type Generator, type GeneratorContext } from './draft.ts';

const wavers = ({ row, failed }: AnalyzedRow, unstable: ReadonlySet<string> | undefined): boolean =>
  unstable?.has(row.question_id) === true ||
  (failed &&
    row.asi.some(({ asi }) => normalizeFailureType(asi.failure_type).failure_type === 'repeatability_issue'));

/**
 * Ties a question whose statement changes between runs to the asset of its answer key: by a description where a
 * table or metric view answers, by an instruction where a function does. An asset that it strayed to is told in
 * the same proposal that it is not for this: one side alone would not end the wavering.
 *
 * @see spec/asi-clustering-levers.md §9
 */
export const proposeStability: Generator = (context) => {
  const byAsset = new Map<string, { asset: Asset; rows: AnalyzedRow[] }>();
  for (const row of context.rows) {
    if (!wavers(row, context.unstable)) continue;
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
      const exclusions = rivalsOf(rows, asset, context).flatMap(
        (rival) => negative(rival, topics, shortName(key)) ?? [],
      );
      return [
        {
          failure_type: 'repeatability_issue',
          question_ids: rows.map(({ row }) => row.question_id).sort(compareCodeUnits),
          changes: [change, ...exclusions],
          ...(exclusions.length > 0 && { inseparable: true }),
          reason: `the statement changes between runs and nothing ties ${quoteList(topics)} to ${shortName(key)}`,
          confidence: Math.min(0.75, 0.45 + 0.1 * rows.length),
        },
      ];
    });
};

/** Other assets that the statements of now read in place of the one of the key. */
function rivalsOf(rows: readonly AnalyzedRow[], preferred: Asset, context: GeneratorContext): Asset[] {
  const rivals = new Map<string, Asset>();
  for (const { row } of rows) {
    const asset = row.facts.generated === null ? null : mainAsset(row.facts.generated, context);
    if (asset !== null && asset.source.key !== preferred.source.key) rivals.set(asset.source.key, asset);
  }
  return [...rivals].sort(([a], [b]) => compareCodeUnits(a, b)).map(([, asset]) => asset);
}

const tie = (asset: Asset, topics: readonly string[]): Change | null =>
  asset.kind === 'source'
    ? describeUse(asset.source, { best_for: topics })
    : {
        type: 'add_instruction',
        text: `For ${quoteList(topics, 'or')} always call ${shortName(asset.source.key)} with the values that the question names, not another asset.`,
      };
