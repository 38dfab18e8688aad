import { counted } from '../core/index.ts';
import {
  answerKey,
  checkTemporalFreshness,
  detectableEffect,
  familiesOf,
  isQuarantined,
  questionKey,
  type Benchmark,
  type CoverageReport,
  type DetectableEffect,
} from '../benchmarks/index.ts';
import { exampleSqls, sampleQuestions, textOf, type Space } from '../spaces/index.ts';
import type { EvaluationResult, EvaluationRow } from './evaluation-result.ts';
import type { GroundTruthCheck } from './ground-truth-validation.ts';
import { vagueTerms } from './intake-checks.ts';

export const QUALITY_FINDINGS = [
  'duplicate',
  'too_easy',
  'unstable',
  'impossible',
  'ambiguous',
  'stale',
] as const;
export type QualityFindingKind = (typeof QUALITY_FINDINGS)[number];

export interface QualityFinding {
  readonly kind: QualityFindingKind;
  readonly question_ids: readonly string[];
  readonly reason: string;
  /** What to do about it. */
  readonly advice: string;
}

export interface QualityReport {
  readonly questions: number;
  readonly quarantined: number;
  /** Groups of questions that ask the same; they count as one observation. */
  readonly families: number;
  readonly findings: readonly QualityFinding[];
  readonly coverage: CoverageReport | null;
  /** What a comparison on the questions open to the loop can show, each family as one observation. */
  readonly effect: DetectableEffect;
}

/** Evaluations from which on always right is too easy, and never right is impossible. */
export const QUALITY_DEFAULTS = { easyAfter: 3, impossibleAfter: 3 } as const;

export interface QualityOptions {
  readonly space?: Space | undefined;
  /** Evaluations so far; without them nothing is said about difficulty and stability. */
  readonly history?: readonly EvaluationResult[] | undefined;
  readonly checks?: readonly GroundTruthCheck[] | undefined;
  readonly coverage?: CoverageReport | undefined;
}

/**
 * What a suite is worth as a measuring instrument. Reports, never changes.
 *
 * @see spec/benchmarks.md §12
 */
export function qualityReport(questions: readonly Benchmark[], options: QualityOptions = {}): QualityReport {
  const active = questions.filter((question) => !isQuarantined(question));
  const open = active.filter(({ split }) => split !== 'held_out');
  const rows = rowsByQuestion(options.history ?? []);
  const flips = flipRate(rows);
  return {
    questions: active.length,
    quarantined: questions.length - active.length,
    families: familiesOf(active).length,
    findings: [
      ...duplicates(active),
      ...active.flatMap((question) => [
        ...easy(question, rows.get(question.id) ?? [], options.space),
        ...unstable(question, rows.get(question.id) ?? []),
        ...impossible(question, rows.get(question.id) ?? [], options.checks ?? []),
        ...ambiguous(question, rows.get(question.id) ?? [], options.space),
      ]),
      ...checkTemporalFreshness(active).map(({ question_id, hardcoded_dates }): QualityFinding => ({
        kind: 'stale',
        question_ids: [question_id],
        reason: `It asks for a relative period and its key is fixed to ${hardcoded_dates.join(', ')}.`,
        advice: 'Use date expressions relative to current_date().',
      })),
    ],
    coverage: options.coverage ?? null,
    effect: detectableEffect(familiesOf(open).length, flips === null ? {} : { flipRate: flips }),
  };
}

interface PastRow {
  readonly row: EvaluationRow;
  readonly configHash: string;
}

function rowsByQuestion(history: readonly EvaluationResult[]): ReadonlyMap<string, readonly PastRow[]> {
  const rows = new Map<string, PastRow[]>();
  for (const { rows: evaluated, config_hash: configHash } of history)
    for (const row of evaluated) {
      const known = rows.get(row.question_id);
      if (known === undefined) rows.set(row.question_id, [{ row, configHash }]);
      else known.push({ row, configHash });
    }
  return rows;
}

function duplicates(questions: readonly Benchmark[]): QualityFinding[] {
  return familiesOf(questions)
    .filter((family) => family.length > 1)
    .map((family) => {
      const texts = new Set(family.map(({ question }) => questionKey(question))).size;
      const keys = new Set(family.map(({ expected_sql }) => answerKey(expected_sql))).size;
      return {
        kind: 'duplicate',
        question_ids: family.map(({ id }) => id),
        reason:
          texts === 1
            ? 'They have the same text.'
            : keys === 1
              ? 'They have the same answer key in other words.'
              : 'They use the same words for different answer keys, or are written as variants of one another.',
        advice:
          texts === 1 || keys > 1
            ? 'Keep one, or reword the others.'
            : 'Keep them in one split: together they show one thing, not several.',
      };
    });
}

function easy(
  { id, question }: Benchmark,
  past: readonly PastRow[],
  space: Space | undefined,
): QualityFinding[] {
  const key = questionKey(question);
  const shown =
    space !== undefined &&
    [
      ...exampleSqls(space).map((one) => textOf(one.question)),
      ...sampleQuestions(space).map((one) => textOf(one.question)),
    ].some((text) => questionKey(text) === key);
  if (shown)
    return [
      {
        kind: 'too_easy',
        question_ids: [id],
        reason: 'The space shows this very question as an example.',
        advice: 'Reword it, or take it as training material only.',
      },
    ];
  const judged = past.filter(({ row }) => row.correct !== null);
  const always =
    judged.length >= QUALITY_DEFAULTS.easyAfter && judged.every(({ row }) => row.correct === true);
  return always
    ? [
        {
          kind: 'too_easy',
          question_ids: [id],
          reason: `It was right in all ${judged.length} evaluations.`,
          advice: 'It guards against losses but shows no gain. Add harder questions beside it.',
        },
      ]
    : [];
}

function unstable({ id, routing_sensitive }: Benchmark, past: readonly PastRow[]): QualityFinding[] {
  const flipping = sameConfig(past).filter((group) => new Set(group.map(({ row }) => row.correct)).size > 1);
  if (flipping.length === 0 && routing_sensitive !== true) return [];
  return [
    {
      kind: 'unstable',
      question_ids: [id],
      reason:
        flipping.length > 0
          ? 'It was right and wrong for the same state of the space.'
          : 'Its answer changes its asset from run to run.',
      advice: 'Make the question or the instructions more precise, or ask it several times.',
    },
  ];
}

function impossible(
  { id }: Benchmark,
  past: readonly PastRow[],
  checks: readonly GroundTruthCheck[],
): QualityFinding[] {
  const check = checks.find((one) => one.id === id);
  if (check !== undefined && check.status !== 'valid')
    return [
      {
        kind: 'impossible',
        question_ids: [id],
        reason: `Its answer key cannot be used (${check.reason_code ?? 'missing'}).`,
        advice:
          check.proposals.length > 0 ? 'Accept one of the proposed repairs.' : 'Correct the answer key.',
      },
    ];
  if (check?.empty_result === true || past.at(-1)?.row.comparison.expectedRows === 0)
    return [
      {
        kind: 'impossible',
        question_ids: [id],
        reason: 'Its answer key returns nothing, so no answer can be compared.',
        advice: 'Ask for something that is in the data.',
      },
    ];
  const judged = past.filter(({ row }) => row.correct !== null);
  const states = new Set(judged.map(({ configHash }) => configHash)).size;
  const never =
    judged.length >= QUALITY_DEFAULTS.impossibleAfter &&
    states > 1 &&
    judged.every(({ row }) => row.correct === false);
  return never
    ? [
        {
          kind: 'impossible',
          question_ids: [id],
          reason: `It was never right in ${judged.length} evaluations over ${states} states of the space.`,
          advice: 'Check the answer key and whether the data can answer it at all.',
        },
      ]
    : [];
}

function ambiguous(
  { id, question }: Benchmark,
  past: readonly PastRow[],
  space: Space | undefined,
): QualityFinding[] {
  const terms = space === undefined ? [] : vagueTerms(question, space);
  const both = past.filter(({ row }) => row.verdicts['arbiter']?.value === 'both_correct').length;
  const answers = new Set(
    sameConfig(past).flatMap((group) => group.map(({ row }) => row.comparison.actualHash)),
  ).size;
  const reason =
    terms.length > 0
      ? `'${terms.join("', '")}' can mean many things and the space does not say what.`
      : both > 0
        ? `The arbiter called two different answers right ${counted(both, 'time')}.`
        : answers > 2
          ? `It got ${answers} different answers for the same state of the space.`
          : null;
  return reason === null
    ? []
    : [
        {
          kind: 'ambiguous',
          question_ids: [id],
          reason,
          advice: 'Say what is meant in the question or in the instructions of the space.',
        },
      ];
}

/** Groups of evaluated rows that one state of the space gave. */
function sameConfig(past: readonly PastRow[]): PastRow[][] {
  const groups = new Map<string, PastRow[]>();
  for (const one of past) {
    if (one.row.correct === null) continue;
    const group = groups.get(one.configHash);
    if (group === undefined) groups.set(one.configHash, [one]);
    else group.push(one);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}

/** Half the share of pairs of answers to one question from one state that disagree; `null` without such pairs. */
function flipRate(rows: ReadonlyMap<string, readonly PastRow[]>): number | null {
  const pairs = [...rows.values()].flatMap((past) =>
    sameConfig(past).flatMap((group) =>
      group.slice(1).map(({ row }, at) => row.correct !== group[at]?.row.correct),
    ),
  );
  return pairs.length === 0 ? null : Math.min(0.4, pairs.filter(Boolean).length / pairs.length / 2);
}

/** The report as Markdown, findings by kind. */
export function formatQualityReport(report: QualityReport): string {
  const { effect } = report;
  const lines = [
    `${report.questions} questions in ${report.families} families, ${report.quarantined} in quarantine.`,
    effect.smallestGainPp === null
      ? `The suite is too small to show any gain: ${effect.fewestWins === null ? 'not even a win on every question would be believed' : 'chance flips hide it'}.`
      : `Smallest gain it can show: ${effect.smallestGainPp.toFixed(1)} points; without any loss, ${effect.fewestWins} more right answers.`,
  ];
  for (const kind of QUALITY_FINDINGS) {
    const found = report.findings.filter((finding) => finding.kind === kind);
    if (found.length === 0) continue;
    lines.push('', `### ${kind.replace('_', ' ')} (${found.length})`, '');
    for (const { question_ids, reason, advice } of found)
      lines.push(`- ${question_ids.join(', ')}: ${reason} ${advice}`);
  }
  const warnings = report.coverage?.warnings ?? [];
  if (warnings.length > 0)
    lines.push('', '### coverage', '', ...warnings.map(({ message }) => `- ${message}`));
  return `${lines.join('\n')}\n`;
}
