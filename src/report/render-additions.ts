import { bullets, percent, points, table, text, words } from './markdown.ts';
import { renderCorrections } from './corrections-section.ts';
import { renderInstability } from './instability-section.ts';
import {
  renderEvictions,
  renderJudgeQuality,
  renderOneSided,
  renderOverridden,
  renderPlanned,
} from './notes-section.ts';
import { renderSecondOpinions } from './second-opinion-section.ts';
import { renderExcluded, renderSuiteQuality } from './suite-section.ts';
import type { Report } from './report-schema.ts';

/** What the library adds to the sections of the specification: evidence, frontier, health of judges and more. */
export function renderAdditions({ additions: more }: Report): string {
  const parts: [string, string][] = [
    [
      'Decisions',
      table(
        ['Iter', 'Rule', 'Decision', 'Won', 'Lost', 'Estimated change', 'p', 'Fresh asks', 'Reason'],
        more.decisions.map((row) => [
          String(row.iteration),
          row.rule,
          row.decision,
          row.wins.join(', ') || 'none',
          row.losses.join(', ') || 'none',
          points(row.estimated_delta_pp),
          row.p_value === null ? 'n/a' : row.p_value.toPrecision(2),
          text(row.asks_used),
          row.reason,
        ]),
        'None.',
      ),
    ],
    [
      'Conditions of each measurement',
      table(
        [
          'Iter',
          'Scope',
          'Split',
          'Evaluator',
          'Comparison',
          'Answer keys',
          'Questions',
          'Asks',
          'Configuration',
        ],
        more.evidence.map((row) => [
          String(row.iteration),
          row.scope,
          row.split,
          row.evaluator,
          row.comparator_version,
          row.answer_key_version.slice(0, 12),
          String(row.questions),
          String(row.asks),
          row.config_hash.slice(0, 12),
        ]),
        'n/a',
      ),
    ],
    [
      'Pareto frontier',
      table(
        ['Iter', 'Correctness', 'Repeatability', 'Regressions', 'Patch cost', 'Kept', 'On the frontier'],
        more.pareto.map((row) => [
          String(row.iteration),
          percent(row.correctness),
          percent(row.repeatability),
          String(row.regressions),
          String(row.patch_cost),
          row.accepted ? 'yes' : 'no',
          row.on_frontier ? 'yes' : 'no',
        ]),
        'n/a',
      ),
    ],
    ['Repeatability', renderInstability(more.repeatability)],
    ['Corrected answer keys', renderCorrections(more.corrections)],
    ['Quality of the questions', renderSuiteQuality(more.suite_quality)],
    ['Questions left out', renderExcluded(more.excluded_questions)],
    ['Held-out questions', heldOut(more.held_out)],
    ['Second opinion', renderSecondOpinions(more.second_opinions)],
    [
      'Questions that may be out of date',
      table(
        ['Question', 'Text'],
        more.stale_benchmarks.map((row) => [row.question_id, row.question]),
        'None.',
      ),
    ],
    [
      'Patches of high risk, waiting for approval',
      table(
        ['Patch', 'Lever', 'Change', 'Questions', 'Why'],
        more.queued_patches.map((row) => [
          row.patch_id,
          text(row.lever),
          row.change,
          row.questions.join(', ') || 'n/a',
          row.why,
        ]),
        'None.',
      ),
    ],
    [
      'Judge health (final evaluation)',
      table(
        ['Judge', 'Scored', 'Failed', 'Skipped or excluded'],
        more.judge_health.map((row) => [
          words(row.judge),
          String(row.scored),
          String(row.failed),
          String(row.excluded),
        ]),
        'n/a',
      ),
    ],
    ['Judges whose reasons lead to no change', renderJudgeQuality(more.notes)],
    ['Instructions that could make room', renderEvictions(more.notes)],
    ['Planned only', renderPlanned(more.notes)],
    ['Routing proposals that lacked a side (needs_bilateral)', renderOneSided(more.notes)],
    ['Phases that were replaced', renderOverridden(more.notes)],
    [
      'Known limits of Genie that were met',
      table(
        ['Limit', 'Questions', 'What helps'],
        more.known_limits.map((row) => [row.id, row.questions.join(', '), row.recommendation]),
        'None.',
      ),
    ],
    [
      'Changes in Unity Catalog since the last accepted version',
      table(
        ['Iter', 'Columns', 'Tags', 'Routines', 'Objects'],
        more.uc_changes.map((row) =>
          [row.iteration, row.columns, row.tags, row.routines, row.objects].map(String),
        ),
        'n/a: not recorded.',
      ),
    ],
    ['Warnings', bullets(more.warnings, 'None.')],
  ];
  return parts.map(([title, content]) => `### ${title}\n\n${content}`).join('\n\n');
}

const heldOut = (held: Report['additions']['held_out']): string =>
  held === null
    ? 'n/a: not measured.'
    : table(
        ['Questions', 'Before', 'After', 'Gap to the seen questions', 'Note'],
        [
          [
            String(held.questions),
            percent(held.before),
            percent(held.after),
            points(held.gap_pp),
            text(held.note, ''),
          ],
        ],
        '',
      );
