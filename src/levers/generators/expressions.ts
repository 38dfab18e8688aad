import { humanize } from '../alignment/words.ts';
import { writeFragment } from '../sql-fragment.ts';
import { evidenceConfidence, quoteList, type Generator } from './draft.ts';

/** Names derived columns (bands, combined texts, differences) that answers had to compute and did not. */
export const proposeExpressions: Generator = ({ findings, schema }) =>
  [...findings.values()].flatMap((finding) => {
    const { element } = finding;
    if (element.kind !== 'expression') return [];
    const sql = writeFragment(element.sql, schema, element.tables);
    const alias = finding.use.alias === null ? [] : [humanize(finding.use.alias)];
    const [display_name, ...synonyms] = [
      ...new Set([...finding.phrases.map((phrase) => phrase.surface), ...alias]),
    ];
    if (sql === null || display_name === undefined) return [];
    return [
      {
        failure_type: 'wrong_aggregation' as const,
        question_ids: finding.question_ids,
        changes: [
          {
            type: 'add_sql_snippet_expression' as const,
            display_name,
            sql,
            alias: display_name.replaceAll(/\W+/g, '_'),
            ...(synonyms.length > 0 ? { synonyms } : {}),
          },
        ],
        reason: `${quoteList([display_name, ...synonyms])} is computed as ${sql}, which the answers did not do`,
        confidence: evidenceConfidence(
          finding.phrases.map((phrase) => phrase.score),
          finding.question_ids.length,
        ),
      },
    ];
  });
