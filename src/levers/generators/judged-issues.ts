import { normalizeFailureType, type FailureType } from '../../asi/index.ts';
import { compareCodeUnits, shortName } from '../../core/index.ts';
import { describeTable } from './descriptions.ts';
import type { Change, Draft, Generator, GeneratorContext } from './draft.ts';

interface Issue {
  readonly type: FailureType;
  readonly targets: readonly string[];
  readonly missing: string;
}

/**
 * Failures that only a judge can see: exposed data, needless expense, a question with several readings.
 *
 * What a judge says is missing is written down as it stands; where it names only the object, the change is the one
 * that the object's kind allows.
 */
export const proposeJudgedIssues: Generator = (context) => {
  const drafts = new Map<string, { draft: Draft; questions: Set<string> }>();
  for (const { row, failed } of context.rows) {
    for (const { asi } of failed ? row.asi : []) {
      const { failure_type: type } = normalizeFailureType(asi.failure_type);
      const draft = draftFor(
        { type, targets: asi.blame_set, missing: asi.missing_metadata?.trim() ?? '' },
        context,
      );
      if (draft === null) continue;
      const key = JSON.stringify(draft.changes);
      const known = drafts.get(key) ?? { draft, questions: new Set() };
      known.questions.add(row.question_id);
      drafts.set(key, known);
    }
  }
  return [...drafts]
    .sort(([a], [b]) => compareCodeUnits(a, b))
    .map(([, { draft, questions }]) => ({
      ...draft,
      question_ids: [...questions].sort(compareCodeUnits),
      confidence: Math.min(0.8, 0.5 + 0.1 * questions.size),
    }));
};

function draftFor(issue: Issue, context: GeneratorContext): Draft | null {
  const changes = CHANGES[issue.type]?.(issue, context) ?? [];
  if (changes.length === 0) return null;
  const reason = {
    compliance_violation: 'the answers show data that the judge calls restricted',
    performance_issue: 'the statements read far more than the answer needs',
    ambiguous_question: 'the words have several readings and nothing says which is meant',
  }[issue.type as string];
  return { failure_type: issue.type, question_ids: [], changes, reason: reason ?? issue.type, confidence: 0 };
}

const CHANGES: Readonly<Partial<Record<FailureType, (issue: Issue, context: GeneratorContext) => Change[]>>> =
  {
    // Hiding keeps Genie from the column; whoever may see it still does.
    compliance_violation: ({ targets }, { schema }) =>
      targets.flatMap((target): Change[] => {
        const parts = target.split(/[.#]/);
        const table = schema.table(parts.slice(0, -1).join('.') || null);
        const column = table?.columns.get((parts.at(-1) ?? '').toLowerCase());
        return table === null || column === undefined || column.hidden
          ? []
          : [{ type: 'hide_column', table: table.name, column: column.name }];
      }),
    performance_issue: ({ targets, missing }, { schema }) => {
      // A metric view is told in its own description what it need not read; that is its lever.
      const views = [...new Set(targets.flatMap((target) => schema.table(target) ?? []))].filter(
        ({ kind, inSpace }) => kind === 'metric_view' && inSpace,
      );
      if (views.length > 0)
        return views.flatMap(
          (view) =>
            describeTable(
              view,
              missing === ''
                ? 'Ask it only for the measures that the question names, and filter by its dimensions.'
                : sentence(missing),
            ) ?? [],
        );
      if (missing !== '') return [{ type: 'add_instruction', text: sentence(missing) }];
      const names = targets.flatMap((target) => schema.table(target) ?? []).map(({ key }) => shortName(key));
      return names.length === 0
        ? []
        : [
            {
              type: 'add_instruction',
              text: `On ${[...new Set(names)].join(', ')} select only the columns that the question needs, never all of them, and restrict rows before joining.`,
            },
          ];
    },
    ambiguous_question: ({ missing }) =>
      missing === '' ? [] : [{ type: 'add_instruction', text: sentence(missing) }],
  };

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
