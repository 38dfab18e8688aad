import { seededRandom, type Random } from '../../../src/core/index.ts';
import type { CatalogSnapshot } from '../../../src/ports/index.ts';
import type { ValueLookup } from '../../../src/local/genie-engine.ts';
import { lookupOf, SpaceBuilder, table } from './fixtures.ts';

/** A random schema with random vocabulary, one question about it, and the SQL that answers it. */
export interface GeneratedCase {
  readonly kind: string;
  readonly question: string;
  readonly catalog: CatalogSnapshot;
  readonly values: ValueLookup;
  readonly expected: string;
  readonly space: () => SpaceBuilder;
  readonly add: (space: SpaceBuilder) => SpaceBuilder;
  readonly addIrrelevant: (space: SpaceBuilder) => SpaceBuilder;
}

export const KINDS = [
  'synonym',
  'description',
  'join',
  'filter',
  'measure',
  'example',
  'instruction',
  'entity',
  'expression',
  'date',
] as const;

const CONSONANTS = 'bdfgklmnprtvz'.split('');
const VOWELS = 'aiou'.split('');

export function generateCase(kind: (typeof KINDS)[number], seed: number): GeneratedCase {
  const random = seededRandom(`${kind}-${seed}`);
  const used = new Set<string>();
  const word = (): string => {
    for (;;) {
      const made =
        Array.from(
          { length: 2 + Math.floor(random() * 2) },
          () => pick(CONSONANTS, random) + pick(VOWELS, random),
        ).join('') + pick('kmnrt'.split(''), random);
      if (!used.has(made)) {
        used.add(made);
        return made;
      }
    }
  };
  const prefix = `${word()}.${word()}.`;
  const [fact, side, other] = [word(), word(), word()];
  const [sideKey, factKey] = [word(), word()];
  const numbers = Array.from({ length: 3 + Math.floor(random() * 3) }, word);
  const texts = Array.from({ length: 2 + Math.floor(random() * 2) }, word);
  const [dayOne, dayTwo] = [word(), word()];
  const [category, title] = [word(), word()];
  const valuesOf = (): string[] => Array.from({ length: 6 }, () => word().toUpperCase());
  const categories = valuesOf();
  const lookup = Object.fromEntries([
    [`${side}.${category}`, categories],
    ...texts.map((name) => [`${fact}.${name}`, valuesOf()] as const),
  ]);
  const catalog: CatalogSnapshot = {
    tables: [
      table(
        `${prefix}${fact}`,
        [
          `${fact}_id BIGINT`,
          `${factKey}_id BIGINT`,
          `${dayOne} DATE`,
          `${dayTwo} DATE`,
          ...numbers.map((name) => `${name} DECIMAL(12,2)`),
          ...texts.map((name) => `${name} STRING`),
        ].join('\n'),
        { key: `${fact}_id` },
      ),
      table(
        `${prefix}${side}`,
        [`${sideKey}_id BIGINT`, `${title} STRING`, `${category} STRING`, `${word()} DOUBLE`].join('\n'),
        { key: `${sideKey}_id` },
      ),
      table(`${prefix}${other}`, [`${word()}_id BIGINT`, `${word()} STRING`, `${word()} DOUBLE`].join('\n')),
    ],
    functions: [],
  };
  const F = `${prefix}${fact}`;
  const S = `${prefix}${side}`;
  const target = numbers[1 + Math.floor(random() * (numbers.length - 1))] ?? '';
  const group = pick(texts, random);
  const business = random() < 0.5 ? word() : `${word()} ${word()}`;
  const year = 1990 + Math.floor(random() * 30);
  const sum = (column: string): string =>
    `SELECT ${group}, SUM(${column}) AS total_${column} FROM ${F} GROUP BY ${group}`;
  const totalQuestion = pick(
    [
      `What is the total ${business} by ${group}?`,
      `Show total ${business} per ${group}`,
      `total ${business} for each ${group}`,
    ],
    random,
  );
  const counted = pick(
    [
      `How many ${business} ${fact} are there?`,
      `number of ${business} ${fact}`,
      `Count the ${business} ${fact}`,
    ],
    random,
  );
  const count = `SELECT COUNT(*) AS ${fact}_count FROM ${F}`;
  const value = pick(categories, random);
  const joined = (space: SpaceBuilder): SpaceBuilder =>
    space.join(F, S, `\`${fact}\`.\`${factKey}_id\` = \`${side}\`.\`${sideKey}_id\``);
  const from = `FROM ${F} AS ${fact} JOIN ${S} AS ${side} ON ${fact}.${factKey}_id = ${side}.${sideKey}_id`;
  const base = (): SpaceBuilder => new SpaceBuilder([F, S, `${prefix}${other}`].sort());

  const cases: Record<
    (typeof KINDS)[number],
    Pick<GeneratedCase, 'question' | 'expected' | 'add'> & { space?: () => SpaceBuilder }
  > = {
    synonym: {
      question: totalQuestion,
      expected: sum(target),
      add: (space) => space.column(F, target, { synonyms: [business] }),
    },
    description: {
      question: totalQuestion,
      expected: sum(target),
      add: (space) => space.column(F, target, { description: `The ${business} of one row, never negative` }),
    },
    measure: {
      question: totalQuestion,
      expected: `SELECT ${group}, SUM(${target} * (1 - ${numbers[0]})) AS m FROM ${F} GROUP BY ${group}`,
      add: (space) =>
        space.snippet('measures', business, `SUM(${fact}.${target} * (1 - ${fact}.${numbers[0]}))`, {
          alias: 'm',
        }),
    },
    join: {
      question: `What is the total ${target} by ${category}?`,
      expected: `SELECT ${side}.${category}, SUM(${fact}.${target}) AS total_${target} ${from} GROUP BY ${side}.${category}`,
      add: joined,
    },
    filter: {
      question: counted,
      expected: `${count} WHERE ${numbers[0]} > 7`,
      add: (space) => space.snippet('filters', business, `${fact}.${numbers[0]} > 7`),
    },
    instruction: {
      question: counted,
      expected: `${count} WHERE ${numbers[0]} > 7`,
      add: (space) =>
        space.instruct(
          pick(
            [
              `${business} means ${fact}.${numbers[0]} > 7.`,
              `"${business}" refers to ${fact}.${numbers[0]} > 7`,
              `When users ask about ${business}, filter by ${fact}.${numbers[0]} > 7.`,
            ],
            random,
          ),
        ),
    },
    example: {
      question: `What share of ${business} had ${group} in ${year}?`,
      expected: `SELECT AVG(z) FROM ${F} WHERE YEAR(${dayTwo}) = ${year}`,
      add: (space) =>
        space.example(
          `Which share of the ${business} had ${group} in ${year - 3}?`,
          `SELECT AVG(z) FROM ${F} WHERE YEAR(${dayTwo}) = ${year - 3}`,
        ),
    },
    entity: {
      question: `What is the total ${target} for ${value.toLowerCase()}?`,
      expected: `SELECT SUM(${fact}.${target}) AS total_${target} ${from} WHERE ${side}.${category} = '${value}'`,
      space: () => joined(base()),
      add: (space) => space.column(S, category, { entity: true, format: true }),
    },
    expression: {
      question: `What is the total ${target} by ${business}?`,
      expected: `SELECT CASE WHEN ${numbers[0]} > 3 THEN 1 ELSE 0 END AS g, SUM(${target}) AS total_${target} FROM ${F} GROUP BY CASE WHEN ${numbers[0]} > 3 THEN 1 ELSE 0 END`,
      add: (space) =>
        space.snippet('expressions', business, `CASE WHEN ${fact}.${numbers[0]} > 3 THEN 1 ELSE 0 END`, {
          alias: 'g',
        }),
    },
    date: {
      question: `How many ${fact} were ${business} in ${year}?`,
      expected: `${count} WHERE ${dayTwo} >= DATE '${year}-01-01' AND ${dayTwo} < DATE '${year + 1}-01-01'`,
      add: (space) => space.column(F, dayTwo, { synonyms: [business] }),
    },
  };
  const chosen = cases[kind];
  const irrelevant: ((space: SpaceBuilder) => SpaceBuilder)[] = [
    (space) => space.column(F, numbers[0] ?? '', { synonyms: [word(), `${word()} ${word()}`] }),
    (space) => space.column(S, title, { description: `The ${word()} of a ${word()}` }),
    (space) => space.column(F, texts[0] ?? '', { entity: kind !== 'entity', format: true }),
    (space) => space.snippet('filters', `${word()} ${word()}`, `${fact}.${numbers[0]} < 2`),
    (space) => space.snippet('measures', word(), `AVG(${fact}.${numbers[0]})`),
    (space) => space.snippet('expressions', word(), `${fact}.${numbers[0]} / 10`),
    (space) => space.instruct(`${word()} means ${fact}.${numbers[0]} < 1.`, `Keep answers short and polite.`),
    (space) => space.example(`How much ${word()} did the ${word()} have last ${word()}?`, 'SELECT 42'),
    (space) => space.describe(`${prefix}${other}`, `Contains ${word()} and ${word()}`),
    (space) =>
      space.join(
        S,
        `${prefix}${other}`,
        `\`${side}\`.\`${title}\` = \`${other}\`.\`${catalog.tables[2]?.columns[1]?.name}\``,
      ),
  ];
  return {
    kind,
    question: chosen.question,
    catalog,
    values: lookupOf(lookup),
    expected: chosen.expected,
    space: chosen.space ?? base,
    add: chosen.add,
    addIrrelevant: pick(irrelevant, random),
  };
}

const pick = <T>(items: readonly T[], random: Random): T => {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new RangeError('nothing to pick from');
  return item;
};
