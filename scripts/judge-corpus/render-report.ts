import {
  classFigures,
  headline,
  kindsIn,
  percent,
  rate,
  type Measurement,
  type MutantOutcome,
  type Rate,
} from './measure.ts';

/** What the judges must reach, percent. */
export const BARS = { flagged: 97, rightType: 92, rightBlame: 92, falseAlarms: 2 } as const;

const counted = (figure: Rate): string => `${percent(figure)} (${figure.hits} of ${figure.of})`;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const line = (name: string, mutants: readonly MutantOutcome[]): string[] => [
  name,
  String(mutants.length),
  percent(rate(mutants, (one) => one.flagged)),
  percent(rate(mutants, (one) => one.rightType)),
  percent(rate(mutants, (one) => one.rightBlame)),
];

/** The four figures with a bar, as a table. */
export function headlineTable(measurement: Measurement): string {
  const figures = headline(measurement);
  return table(
    ['Figure', 'Bar', 'Measured'],
    [
      ['damaged statements that some judge flags', `≥ ${BARS.flagged} %`, counted(figures.flagged)],
      ['right failure type', `≥ ${BARS.rightType} %`, counted(figures.rightType)],
      ['right blamed object', `≥ ${BARS.rightBlame} %`, counted(figures.rightBlame)],
      ['equivalent rewrites that some judge flags', `≤ ${BARS.falseAlarms} %`, counted(figures.falseAlarms)],
      ['equivalent rewrites whose text alone shows a difference', '–', counted(figures.textAlarms)],
    ],
  );
}

/** The whole measurement as Markdown. */
export function renderReport(measurement: Measurement): string {
  const { mutants, rewrites, dropped, bases, worlds } = measurement;
  const blamed = mutants.reduce((sum, { blame }) => sum + blame.length, 0) / Math.max(1, mutants.length);
  const rewriteNames = [...new Set(rewrites.map(({ rewrite }) => rewrite))].sort();
  return [
    `${bases} correct statements from ${worlds} schemas; ${mutants.length} damaged statements whose result differs, ${rewrites.length} equivalent rewrites. ` +
      `${dropped.invisible} further damages did not show in the data, ${dropped.unusable} did not run, ${dropped.unrunnable} rewrites did not run on the embedded engine; none of them is counted.`,
    headlineTable(measurement),
    `A verdict blames ${blamed.toFixed(1)} objects on average, so naming the right one is no matter of naming many.`,
    '### By damage',
    table(
      ['Damage', 'Cases', 'Flagged', 'Type', 'Blame'],
      [
        ...kindsIn(measurement).map((kind) =>
          line(
            kind,
            mutants.filter((one) => one.kind === kind),
          ),
        ),
        line(
          '*all, in the style of the answer key*',
          mutants.filter(({ style }) => style === null),
        ),
        line(
          '*all, rewritten on top*',
          mutants.filter(({ style }) => style !== null),
        ),
      ],
    ),
    '### By failure type',
    table(
      ['Failure type', 'Precision', 'Recall'],
      classFigures(measurement).map(({ type, precision, recall }) => [
        type,
        counted(precision),
        counted(recall),
      ]),
    ),
    '### By rewrite',
    table(
      ['Rewrite', 'Cases', 'Flagged', 'Text differs'],
      rewriteNames.map((name) => {
        const own = rewrites.filter(({ rewrite }) => rewrite === name);
        return [
          name,
          String(own.length),
          String(own.filter(({ flagged }) => flagged).length),
          String(own.filter(({ textDiffers }) => textDiffers).length),
        ];
      }),
    ),
    '### Mistakes',
    mistakes(mutants),
  ].join('\n\n');
}

/** What was called something else, by damage and verdict. */
function mistakes(mutants: readonly MutantOutcome[]): string {
  const wrong = mutants.filter(({ flagged, rightType, rightBlame }) => !flagged || !rightType || !rightBlame);
  const nameOf = ({ kind, flagged, rawType, rightType }: MutantOutcome): string =>
    !flagged
      ? `${kind}: not flagged`
      : rightType
        ? `${kind}: another object blamed`
        : `${kind}: called ${rawType ?? 'nothing'}`;
  const groups = new Map<string, MutantOutcome[]>();
  for (const one of wrong) groups.set(nameOf(one), [...(groups.get(nameOf(one)) ?? []), one]);
  const lines = [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([name, cases]) =>
        `- ${name}: ${cases.length} (${cases
          .slice(0, 3)
          .map(({ id }) => `\`${id}\``)
          .join(', ')})`,
    );
  return lines.length === 0 ? 'None.' : lines.join('\n');
}
