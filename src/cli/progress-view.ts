import { counted } from '../core/index.ts';
import type { OptimizeEvent, RunBudget } from '../pipeline/index.ts';
import type { CliIo } from './command.ts';

/**
 * Shows a run while it works: on a terminal one line that is redrawn, with a lasting line for every
 * event worth keeping; elsewhere plain lines only.
 */
export function progressView(
  io: Pick<CliIo, 'out' | 'isTerminal' | 'columns'>,
  /** The run changes nothing: what it proposes is only shown. */
  { onlyPlans = false }: { readonly onlyPlans?: boolean } = {},
): {
  readonly onEvent: (event: OptimizeEvent) => void;
  /** Removes the live line. */
  readonly end: () => void;
} {
  let phase = '';
  let live = false;
  const clear = () => {
    if (live) io.out('\r\u001B[2K');
    live = false;
  };
  const keep = (line: string) => {
    clear();
    io.out(`${line}\n`);
  };
  const show = (...versions: readonly string[]) => {
    if (!io.isTerminal) return;
    io.out(`\r\u001B[2K${fitting(versions, io.columns - 1)}`);
    live = true;
  };
  return {
    onEvent: (event) => {
      if (event.type === 'phase_started')
        phase = event.lever === null ? event.phase : `lever ${event.lever} · ${event.phase}`;
      const lasting = lastingLine(event, phase, onlyPlans);
      if (lasting !== null) keep(lasting);
      else if (event.type === 'phase_started') show(phase);
      else if (event.type === 'question_done') show(questionLine(event, phase), shortLine(event, phase));
      if (!io.isTerminal && event.type === 'question_done' && isMilestone(event))
        keep(questionLine(event, phase));
    },
    end: clear,
  };
}

type QuestionDone = Extract<OptimizeEvent, { type: 'question_done' }>;

/** Every tenth question and the last one: enough to see in a log that the run lives. */
const isMilestone = ({ done, total }: QuestionDone): boolean => done === total || done % 10 === 0;

/** The first version that is short enough, else the last one, cut. */
function fitting(versions: readonly string[], width: number): string {
  const whole = versions.find((line) => line.length <= width);
  if (whole !== undefined) return whole;
  const shortest = versions.at(-1) ?? '';
  return width < 2 ? '' : `${shortest.slice(0, width - 1)}…`;
}

const questionLine = (event: QuestionDone, phase: string): string =>
  [
    `${phase}: ${event.done}/${counted(event.total, 'question')}`,
    event.accuracyPct === null ? null : `${event.accuracyPct.toFixed(1)} % right so far`,
    timeLeft(event),
  ]
    .filter((part) => part !== null)
    .join(' · ');

/** For a narrow terminal. */
const shortLine = (event: QuestionDone, phase: string): string =>
  [
    `${phase} ${event.done}/${event.total}`,
    event.accuracyPct === null ? null : `${event.accuracyPct.toFixed(0)} %`,
    timeLeft(event),
  ]
    .filter((part) => part !== null)
    .join(' · ');

const timeLeft = ({ remainingMs, done, total }: QuestionDone): string | null =>
  remainingMs === null || done === total ? null : `${duration(remainingMs)} left`;

export function duration(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** The line an event leaves behind, or `null` when it only moves the live line. */
function lastingLine(event: OptimizeEvent, phase: string, onlyPlans: boolean): string | null {
  switch (event.type) {
    case 'run_started':
      return `${event.resumed ? 'Resuming' : 'Starting'} run ${event.sessionId}: ${counted(event.questions, 'question')}, space ${event.spaceId}`;
    case 'experiment_ready':
      return `Tracked in MLflow: ${event.name} (experiment ${event.experimentId}, session run ${event.sessionRunId})\n    ${event.url}`;
    case 'budget_planned':
      return budgetLine(event.budget);
    case 'evaluation_adopted':
      return `  taken over from MLflow run ${event.runId}, which had finished: nothing is asked again`;
    case 'second_opinion':
      return `  ${event.evaluator} agrees on ${event.agreed} of ${counted(event.bothDecided, 'question')}${event.kappa === null ? '' : ` (kappa ${event.kappa.toFixed(2)})`}`;
    case 'evaluation_finished':
      return `  ${phase}: ${event.correct} of ${event.evaluated} right (${percent(event.accuracyPct)})${event.excluded > 0 ? `, ${event.excluded} excluded` : ''}`;
    case 'proposals_ready':
      return [
        `Lever ${event.lever}: ${onlyPlans ? 'would try' : 'trying'} ${counted(event.patches.length, 'change')}`,
        ...event.patches.map((line) => `    ${line}`),
      ].join('\n');
    case 'questions_excluded':
      return [`Left out ${counted(event.questions.length, 'question')}:`, ...byReason(event.questions)].join(
        '\n',
      );
    case 'freshness_checked':
      return event.stale.length === 0
        ? null
        : `Answer keys with fixed dates for relative periods: ${event.stale.join(', ')}`;
    case 'repeatability_announced':
      return `Asking ${counted(event.questions, 'question')} again: ${counted(event.asks, 'ask')}${event.seconds === null ? '' : `, about ${duration(event.seconds * 1000)}`}`;
    case 'keys_corrected':
      return `Corrected ${counted(event.questionIds.length, 'answer key')}: ${event.questionIds.join(', ')}`;
    case 'strategy_step':
      return event.log;
    case 'lever_skipped':
      return `Lever ${event.lever}: skipped, ${event.reason.replaceAll('_', ' ')}`;
    case 'gate_finished':
      return event.status === 'failed' || event.status === 'error'
        ? `  ${event.gate} gate ${event.status}: ${event.detail}`
        : null;
    case 'decision':
      return `Lever ${event.lever}: ${event.decision.decision}. ${event.decision.reason}`;
    case 'rolled_back':
      return `  Put back: ${event.reason}`;
    case 'losses_rechecked':
      return `  asked ${counted(event.confirmed.length + event.contested.length, 'lost question')} again: ${event.confirmed.length} really lost`;
    case 'promoted':
      return '  Wrote what was accepted to the space';
    case 'warning':
      return `Warning: ${event.message}`;
    case 'phase_started':
    case 'phase_finished':
    case 'question_done':
    case 'run_ready':
    case 'evidence_round':
    case 'patch_set_applied':
    case 'session_saved':
    case 'run_finished':
      return null;
  }
}

function budgetLine({
  asks,
  minutes,
  startsPerMinute,
  questions,
  candidates,
  smallestEffect,
}: RunBudget): string {
  const time =
    minutes === null ? '' : `, about ${counted(Math.ceil(minutes), 'minute')} at ${startsPerMinute} a minute`;
  if (candidates === 0) return `${counted(asks, 'question')} to Genie${time}`;
  return `Up to ${counted(asks, 'question')} to Genie${time}; ${
    smallestEffect === null
      ? 'no change of any size can be proven with so few questions'
      : `a change shows when it repairs ${smallestEffect.questions} of ${counted(questions, 'question')} or more`
  }`;
}

/** Questions of one reason that are named; the session has them all. */
const NAMED_PER_REASON = 6;

/** One line per reason, with the questions it holds for. */
function byReason(questions: readonly { readonly questionId: string; readonly reason: string }[]): string[] {
  const groups = Map.groupBy(questions, ({ reason }) => reason);
  return [...groups].map(([reason, group]) => {
    const more = group.length - NAMED_PER_REASON;
    const names = group.slice(0, NAMED_PER_REASON).map(({ questionId }) => questionId);
    return `    ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}: ${reason}`;
  });
}

const percent = (value: number | null): string =>
  value === null ? 'nothing could be evaluated' : `${value.toFixed(1)} %`;
