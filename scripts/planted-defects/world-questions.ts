import type { AssetKind, Split } from '../../src/benchmarks/index.ts';
import type { contest } from './contest.ts';
import type { Defect, PlantedQuestion } from './defects.ts';
import type { WorldNames } from './world-names.ts';

/** What people ask a space, three questions for each piece of metadata, of which one is not learned from. */
export function questionsOf(
  names: WorldNames,
  sides: ReturnType<typeof contest>,
): readonly PlantedQuestion[] {
  const { fact, F, S, M, FN, MON, ML } = names;
  const { factKey, sideKey, title, category, group, other, plain, figures, part, x1, p1 } = names;
  const { m1, rivalName, crowd, business, values, threshold } = names;
  const questions: PlantedQuestion[] = [];
  const add = (
    needs: Defect | null,
    items: readonly (readonly [question: string, expected_sql: string])[],
    expected_asset: AssetKind = 'TABLE',
  ): void => {
    const learned = needs === null ? items.length : crowd.learned();
    for (const [at, [question, expected_sql]] of items.entries()) {
      // Of each three questions one at least is not learned from: it shows whether the repair holds beyond them.
      const split: Split = at < learned ? 'train' : 'val';
      const number = String(questions.length + 1).padStart(3, '0');
      questions.push({
        id: `q_${number}`,
        question: crowd.asked(question),
        expected_sql,
        expected_asset,
        split,
        needs,
      });
    }
  };
  const total = (column: string, by: string): string =>
    `SELECT ${by}, SUM(${column}) AS v FROM ${F} GROUP BY ${by}`;
  const threeTotals = (phrase: string, figure: (by: string) => string): (readonly [string, string])[] => [
    [`What is the total ${phrase} by ${group}?`, figure(group)],
    [`Show total ${phrase} per ${other}`, figure(other)],
    [`total ${phrase} for each ${group} and ${other}`, figure(`${group}, ${other}`)],
  ];
  add(null, [
    [`How many ${fact} are there?`, `SELECT COUNT(*) AS n FROM ${F}`],
    ...threeTotals(plain, (by) => total(plain, by)),
    [
      `What is the average ${plain} by ${group}?`,
      `SELECT ${group}, AVG(${plain}) AS v FROM ${F} GROUP BY ${group}`,
    ],
  ]);
  add(
    'missing synonym',
    threeTotals(business['missing synonym'], (by) => total(figures[0], by)),
  );
  add(
    'misleading description',
    threeTotals(business['misleading description'], (by) => total(figures[1], by)),
  );
  add(
    'missing measure',
    threeTotals(business['missing measure'], (by) => total(`${figures[1]} * ${figures[2]}`, by)),
  );
  const joined = `FROM ${F} AS f JOIN ${S} AS s ON f.${factKey}_id = s.${sideKey}_id`;
  add('missing join', [
    [
      `What is the total ${plain} by ${category}?`,
      `SELECT s.${category}, SUM(f.${plain}) AS v ${joined} GROUP BY s.${category}`,
    ],
    [
      `Show the average ${plain} per ${title}`,
      `SELECT s.${title}, AVG(f.${plain}) AS v ${joined} GROUP BY s.${title}`,
    ],
    [
      `total ${plain} for each ${title}`,
      `SELECT s.${title}, SUM(f.${plain}) AS v ${joined} GROUP BY s.${title}`,
    ],
  ]);
  const rule = `WHERE ${figures[0]} > ${threshold}`;
  const named = business['missing filter rule'];
  add('missing filter rule', [
    [`How many ${named} ${fact} are there?`, `SELECT COUNT(*) AS n FROM ${F} ${rule}`],
    [
      `What is the total ${plain} of ${named} ${fact} by ${group}?`,
      `SELECT ${group}, SUM(${plain}) AS v FROM ${F} ${rule} GROUP BY ${group}`,
    ],
    [
      `number of ${named} ${fact} per ${other}`,
      `SELECT ${other}, COUNT(*) AS n FROM ${F} ${rule} GROUP BY ${other}`,
    ],
  ]);
  add('competing assets', threeTotals(rivalName, sides.key), sides.asset);
  add(
    'metric view measure without words',
    threeTotals(
      business['metric view measure without words'],
      (by) => `SELECT ${by}, MEASURE(${m1}) AS v FROM ${M} GROUP BY ${by}`,
    ),
    'MV',
  );
  add(
    'TVF format',
    values
      .slice(0, 3)
      .map((value, at) => [
        [
          `Show ${business['TVF format']} of ${category} ${value}`,
          `What is the ${business['TVF format']} of ${category} ${value}?`,
          `${business['TVF format']} of ${category} ${value}`,
        ][at] ?? '',
        `SELECT * FROM ${FN}('${value.toUpperCase()}')`,
      ]),
    'TVF',
  );
  const measured = business['stale monitoring note'];
  add('stale monitoring note', [
    [
      `What is the average ${measured} by ${part}?`,
      `SELECT ${part}, AVG(${x1}) AS v FROM ${MON} GROUP BY ${part}`,
    ],
    [`Show average ${measured} per ${part}`, `SELECT ${part}, AVG(${x1}) AS v FROM ${MON} GROUP BY ${part}`],
    [`total ${measured} for each ${part}`, `SELECT ${part}, SUM(${x1}) AS v FROM ${MON} GROUP BY ${part}`],
  ]);
  const predicted = business['undocumented prediction column'];
  add('undocumented prediction column', [
    [
      `What is the average ${predicted} by model version?`,
      `SELECT model_version, AVG(${p1}) AS v FROM ${ML} GROUP BY model_version`,
    ],
    [
      `Show average ${predicted} per model version`,
      `SELECT model_version, AVG(${p1}) AS v FROM ${ML} GROUP BY model_version`,
    ],
    [
      `total ${predicted} for each model version`,
      `SELECT model_version, SUM(${p1}) AS v FROM ${ML} GROUP BY model_version`,
    ],
  ]);
  return questions;
}
