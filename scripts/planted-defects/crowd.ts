import type { Space } from '../../src/spaces/index.ts';
import { pick, shuffled } from '../chance.ts';
import type { wordSource } from './words.ts';

type Columns = NonNullable<
  NonNullable<NonNullable<Space['data_sources']>['tables']>[number]['column_configs']
>;

/** How much a space makes of confusing: `crowded` surrounds what is asked for with what looks like it. */
export const LEVELS = ['plain', 'crowded'] as const;
export type Level = (typeof LEVELS)[number];

/** What stands around the things that are asked for, and looks like them. */
export interface Crowd {
  /** A name of the business: in a crowd each of its words is a word of other names, too. */
  readonly name: () => string;
  /** A question as people put it: in a crowd with words around it that name nothing. */
  readonly asked: (question: string) => string;
  /** How many of the questions that need a piece of metadata are learned from: in a crowd one may have to do. */
  readonly learned: () => number;
  /** More figures of the table of facts. */
  readonly figures: readonly string[];
  /** Statements for more tables. */
  readonly catalogSql: string;
  /** More tables of the space, with what is said of their columns. */
  readonly tables: readonly { readonly identifier: string; readonly columns: Columns }[];
  /** What is said of the additional figures. */
  readonly notes: Columns;
}

/** The table of facts as others are made like it. */
export interface Original {
  readonly prefix: string;
  readonly fact: string;
  readonly group: string;
  readonly other: string;
  readonly day: string;
  readonly figures: readonly string[];
}

type Source = ReturnType<typeof wordSource>;

/** Nobody: every name stands alone. */
export const noCrowd = ({ random, word }: Source): Crowd => ({
  name: () => (random() < 0.5 ? word() : `${word()} ${word()}`),
  asked: (question) => question,
  learned: () => LEARNED,
  figures: [],
  catalogSql: '',
  tables: [],
  notes: [],
});

const LEARNED = 2;
const HEADS = 3;
const ATTRIBUTES = 4;
const MORE_FIGURES = 6;

/** What people say around a question. */
const AROUND: readonly (readonly [before: string, after: string])[] = [
  ['', ''],
  ['For the board meeting: ', ''],
  ['', ' Our managers want to see it.'],
  ['Quick check: ', ''],
  ['', ' Please keep it simple.'],
];

/**
 * A table of facts with many more figures, two tables that have its groupings and figures of the same names, names of
 * the business of which no word alone tells what is meant, and questions with idle words around them.
 */
export function crowdAround({ random, word }: Source, { prefix, ...original }: Original): Crowd {
  const heads = Array.from({ length: HEADS }, word);
  const names = shuffled(
    Array.from({ length: ATTRIBUTES }, word).flatMap((attribute) =>
      heads.map((head) => `${attribute} ${head}`),
    ),
    random,
  );
  const figures = Array.from({ length: MORE_FIGURES }, word);
  const likes = [`${original.fact}_${word()}`, `${word()}_${original.fact}`];
  const note = (column_name: string) => ({
    column_name,
    description: [`The ${word()} ${pick(heads, random)} of one row`],
  });
  const shared = original.figures.slice(0, 3);
  const more = likes.map(() => [word(), word()]);
  const catalogSql = likes
    .map((name, at) => {
      const own = [...shared, ...(more[at] ?? [])];
      const decimals = own.map((figure) => `${figure} DECIMAL(12,2)`).join(', ');
      const values = own
        .map((_, index) => `CAST((id * ${67 + at * 6 + index}) % ${83 + index * 5} AS DECIMAL(12,2))`)
        .join(', ');
      return `CREATE TABLE ${prefix}${name} (${name}_id BIGINT NOT NULL, ${original.day} DATE, ${decimals}, ${original.group} STRING, ${original.other} STRING, CONSTRAINT ${name}_pk PRIMARY KEY (${name}_id));
INSERT INTO ${prefix}${name} SELECT id, date_add(DATE '2024-01-01', CAST(id % 700 AS INT)), ${values}, concat('G', CAST(id % 4 AS STRING)), concat('H', CAST(id % 3 AS STRING)) FROM range(${900 + at * 300});
`;
    })
    .join('');
  return {
    name: () => names.pop() ?? word(),
    asked: (question) => {
      const [before, after] = pick(AROUND, random);
      return `${before}${question}${after}`;
    },
    learned: () => (random() < 0.5 ? 1 : LEARNED),
    figures,
    catalogSql,
    tables: likes.map((name, at) => ({
      identifier: prefix + name,
      columns: (more[at] ?? []).map(note),
    })),
    notes: figures.slice(0, MORE_FIGURES / 2).map(note),
  };
}
