import * as z from 'zod';
import type { Session } from '../session/index.ts';
import { bullets, points, table, words } from './markdown.ts';

const text = z.string();
const ids = z.array(text);

/** What the questions are worth as a measuring instrument; `null`: not looked at. */
export const suiteQualitySchema = z
  .strictObject({
    questions: z.number(),
    quarantined: z.number(),
    families: z.number(),
    /** Smallest true gain that a comparison can show, points; `null`: none. */
    smallest_gain_pp: z.number().nullable(),
    fewest_wins: z.number().nullable(),
    findings: z.array(z.strictObject({ kind: text, question_ids: ids, reason: text, advice: text })),
    coverage: z.strictObject({
      domain_size: text,
      required_questions: z.number(),
      missing_categories: ids,
      uncovered_assets: ids,
      p0: z.number(),
      held_out: z.number(),
      warnings: ids,
    }),
  })
  .nullable();
type SuiteQuality = z.infer<typeof suiteQualitySchema>;

export const excludedSchema = z.array(z.strictObject({ question_id: text, reason_code: text, detail: text }));
type Excluded = z.infer<typeof excludedSchema>;

export const suiteQualityOf = ({ suite_quality: quality }: Session): SuiteQuality =>
  quality && {
    questions: quality.questions,
    quarantined: quality.quarantined,
    families: quality.families,
    smallest_gain_pp: quality.smallest_gain_pp,
    fewest_wins: quality.fewest_wins,
    findings: quality.findings.map(({ kind, question_ids, reason, advice }) => ({
      kind,
      question_ids,
      reason,
      advice,
    })),
    coverage: {
      domain_size: quality.coverage.domain_size,
      required_questions: quality.coverage.required_questions,
      missing_categories: quality.coverage.missing_categories,
      uncovered_assets: quality.coverage.uncovered_assets,
      p0: quality.coverage.p0,
      held_out: quality.coverage.held_out,
      warnings: quality.coverage.warnings,
    },
  };

export const excludedOf = ({ excluded_questions: excluded }: Session): Excluded =>
  excluded.map(({ question_id, reason_code, detail }) => ({ question_id, reason_code, detail }));

export function renderSuiteQuality(quality: SuiteQuality): string {
  if (quality === null) return 'n/a: the run ended before its questions were looked at.';
  const { coverage } = quality;
  const size = `${quality.questions} questions in ${quality.families} families, ${quality.quarantined} in quarantine. Coverage of a ${coverage.domain_size} domain, which needs ${coverage.required_questions}: ${coverage.p0} of priority P0, ${coverage.held_out} held out.`;
  const effect =
    quality.smallest_gain_pp === null
      ? 'The suite is too small to show any gain.'
      : `Smallest gain it can show: ${points(quality.smallest_gain_pp)}; without any loss, ${quality.fewest_wins ?? 'n/a'} more right answers.`;
  const findings = table(
    ['Finding', 'Questions', 'Why', 'What to do'],
    quality.findings.map((row) => [words(row.kind), row.question_ids.join(', '), row.reason, row.advice]),
    'No question stands out.',
  );
  return [size, effect, findings, bullets(coverage.warnings, 'Coverage: nothing is missing.')].join('\n\n');
}

export const renderExcluded = (excluded: Excluded): string =>
  table(
    ['Question', 'Reason', 'Detail'],
    excluded.map((row) => [row.question_id, words(row.reason_code), row.detail]),
    'None: every question was asked.',
  );
