import * as z from 'zod';
import { describePatch, patchSchema } from '../patch-dsl/index.ts';
import type { Session } from '../session/index.ts';
import { table, text } from './markdown.ts';

/** What the run noticed on its way and a person should know. */
export const notesSchema = z.strictObject({
  /** Judges whose reasons lead to no change. */
  judge_quality: z.array(
    z.strictObject({ judge: z.string(), count: z.number(), example: z.string(), desired: z.string() }),
  ),
  /** Instructions of least value that could make room for a better one. */
  instruction_evictions: z.array(
    z.strictObject({
      change: z.string(),
      value: z.number().nullable(),
      for_questions: z.array(z.string()),
      reason: z.string(),
    }),
  ),
  /** Routing proposals that told only one of two competing assets apart. */
  needs_bilateral: z.array(
    z.strictObject({ lever: z.number(), questions: z.array(z.string()), why: z.string() }),
  ),
  /** What a dry run would try first. */
  planned_steps: z.array(z.strictObject({ lever: z.number(), changes: z.array(z.string()) })),
  /** Phases that the caller replaced, with how often they ran. */
  overridden_phases: z.array(
    z.strictObject({ phase: z.string(), calls: z.number(), decides_safety: z.boolean() }),
  ),
});
type Notes = z.infer<typeof notesSchema>;

const judgeQuality = z.looseObject({
  judge_name: z.string(),
  count: z.number(),
  example: z.string(),
  desired: z.string(),
});

const eviction = z.looseObject({
  patch: z.looseObject({ type: z.string() }),
  value: z.number().optional(),
  for_question_ids: z.array(z.string()).default([]),
  reason: z.string(),
});

export function notesOf(session: Session): Notes {
  const overridden = session.worker_reads.filter((entry) => entry.overridden);
  return {
    judge_quality: session.judge_quality.flatMap((item) => {
      const read = judgeQuality.safeParse(item);
      if (!read.success) return [];
      const { judge_name: judge, count, example, desired } = read.data;
      return [{ judge, count, example, desired }];
    }),
    instruction_evictions: session.instruction_evictions.flatMap((item) => {
      const read = eviction.safeParse(item);
      if (!read.success) return [];
      const { patch, value, for_question_ids: ids, reason } = read.data;
      return [{ change: changeOf(patch), value: value ?? null, for_questions: ids, reason }];
    }),
    needs_bilateral: session.needs_bilateral.map(({ lever, question_ids, rationale }) => ({
      lever,
      questions: question_ids,
      why: rationale,
    })),
    planned_steps: session.planned_steps.map(({ lever, changes }) => ({ lever, changes })),
    overridden_phases: [...new Set(overridden.map(({ handler }) => handler))].sort().map((phase) => ({
      phase,
      calls: overridden.filter(({ handler }) => handler === phase).length,
      decides_safety: session.warnings.some(
        (warning) => warning.includes(`'${phase}'`) && warning.includes('decides about safety'),
      ),
    })),
  };
}

/** The patch in one sentence, although it is none yet that could be applied. */
function changeOf(patch: Readonly<Record<string, unknown>> & { readonly type: string }): string {
  const whole = patchSchema.safeParse({ id: 'eviction', risk_level: 'high', lever: 6, ...patch });
  return whole.success ? describePatch(whole.data) : patch.type;
}

export const renderJudgeQuality = ({ judge_quality: rows }: Notes): string =>
  table(
    ['Judge', 'Fixes that cannot be carried out', 'The most frequent', 'What it should say'],
    rows.map((row) => [row.judge, String(row.count), row.example, row.desired]),
    'None.',
  );

export const renderEvictions = ({ instruction_evictions: rows }: Notes): string =>
  table(
    ['Change', 'Passing questions it speaks to', 'Makes room for', 'Why'],
    rows.map((row) => [row.change, text(row.value), row.for_questions.join(', ') || 'n/a', row.reason]),
    'None.',
  );

export const renderOneSided = ({ needs_bilateral: rows }: Notes): string =>
  table(
    ['Lever', 'Questions', 'Proposal'],
    rows.map((row) => [String(row.lever), row.questions.join(', '), row.why]),
    'None.',
  );

export const renderPlanned = ({ planned_steps: rows }: Notes): string =>
  table(
    ['Lever', 'Change'],
    rows.flatMap(({ lever, changes }) => changes.map((change) => [String(lever), change])),
    'None: this was no dry run.',
  );

export const renderOverridden = ({ overridden_phases: rows }: Notes): string =>
  table(
    ['Phase', 'Calls', 'Decides about safety'],
    rows.map((row) => [row.phase, String(row.calls), row.decides_safety ? 'yes' : 'no']),
    'None: every phase was the built-in one.',
  );
