import { seededRandom } from '../../src/core/index.ts';
import { answerOf, isEmpty, sameAnswer } from './answers.ts';
import { generatedWorld } from './generated-world.ts';
import { mutationsOf } from './mutate.ts';
import { MUTATION_KINDS, type MutationContext, type Mutation } from './mutation.ts';
import { pick, shuffled } from '../chance.ts';
import { PLAIN, renderQuery } from './render-query.ts';
import { sourcesOf, type Query } from './query.ts';
import { REWRITES } from './rewrite.ts';
import { sampleWorld, type Base, type World } from './world.ts';

export interface CorpusOptions {
  readonly seed: number;
  readonly samples: readonly string[];
  readonly generated: number;
  /** Equivalent rewrites per statement, at most. */
  readonly rewritesPerBase: number;
}

export interface MutantCase {
  readonly base: Base;
  readonly mutation: Mutation;
  readonly sql: string;
  /** Rewrite on top of the damage, or `null` in the answer key's own style. */
  readonly style: string | null;
}

export interface RewriteCase {
  readonly base: Base;
  readonly rewrite: string;
  readonly sql: string;
}

/** All cases of one world; its engine is open and belongs to the receiver. */
export interface WorldCases {
  readonly world: World;
  readonly bases: readonly Base[];
  readonly mutants: readonly MutantCase[];
  readonly rewrites: readonly RewriteCase[];
  readonly dropped: {
    /** Damages that the engine refuses or that leave no rows. */
    readonly unusable: number;
    /** Damages that do not show in the data. */
    readonly invisible: number;
    /** Rewrites the engine cannot run. */
    readonly unrunnable: number;
    /** Rewrites with another answer: the corpus is wrong there, so there must be none. */
    readonly unequal: readonly string[];
  };
}

/** Builds the cases world by world, so that one database is open at a time. */
export async function* corpus(options: CorpusOptions): AsyncGenerator<WorldCases> {
  const openers = [
    ...options.samples.map((name) => () => sampleWorld(name)),
    ...Array.from({ length: options.generated }, (_, at) => () => generatedWorld(options.seed * 1000 + at)),
  ];
  for (const open of openers) yield await casesOf(await open(), options);
}

async function casesOf(world: World, { seed, rewritesPerBase }: CorpusOptions): Promise<WorldCases> {
  const random = seededRandom(`${seed}-${world.name}`);
  const { engine } = world;
  const values = await valuesOf(world);
  const mutants: MutantCase[] = [];
  const rewrites: RewriteCase[] = [];
  const dropped = { unusable: 0, invisible: 0, unrunnable: 0, unequal: [] as string[] };
  const bases: Base[] = [];
  for (const base of world.bases) {
    const right = await answerOf(engine, base.sql);
    if (right === null || isEmpty(right)) continue;
    bases.push(base);
    const context: MutationContext = {
      world,
      random,
      values: (table, column) => values.get(`${table}.${column}`) ?? [],
      optional: new Set(base.optionalColumns.map((name) => name.toLowerCase())),
    };
    const all = mutationsOf(base.query, context);
    for (const kind of MUTATION_KINDS) {
      const candidates = all.filter((mutation) => mutation.kind === kind);
      if (candidates.length === 0) continue;
      const mutation = pick(candidates, random);
      const plain = renderQuery(mutation.query, PLAIN);
      const wrong = await answerOf(engine, plain);
      if (wrong === null) dropped.unusable += 1;
      else if (
        sameAnswer(right, await answerOf(engine, renderQuery(mutation.shownBy ?? mutation.query, PLAIN)))
      )
        dropped.invisible += 1;
      else {
        const styled =
          random() < 0.5
            ? await anyRewrite(mutation.query, context, (sql) =>
                answerOf(engine, sql).then((answer) => sameAnswer(answer, wrong)),
              )
            : null;
        mutants.push({ base, mutation, sql: styled?.sql ?? plain, style: styled?.name ?? null });
      }
    }
    let taken = 0;
    for (const { name, write } of shuffled(REWRITES, random)) {
      if (taken === rewritesPerBase) break;
      const sql = write(base.query, { world, random });
      if (sql === null || sql === base.sql) continue;
      const answer = await answerOf(engine, sql);
      if (answer === null) dropped.unrunnable += 1;
      else if (sameAnswer(right, answer)) {
        rewrites.push({ base, rewrite: name, sql });
        taken += 1;
      } else dropped.unequal.push(`${base.id} ${name}`);
    }
  }
  return { world, bases, mutants, rewrites, dropped };
}

async function anyRewrite(
  query: Query,
  context: MutationContext,
  isFaithful: (sql: string) => Promise<boolean>,
): Promise<{ readonly name: string; readonly sql: string } | null> {
  for (const { name, write } of shuffled(REWRITES, context.random).slice(0, 4)) {
    const sql = write(query, context);
    if (sql !== null && (await isFaithful(sql))) return { name, sql };
  }
  return null;
}

/** Values of the columns of all tables that the statements read. */
async function valuesOf({ engine, catalog, bases }: World): Promise<Map<string, readonly string[]>> {
  const read = new Set(bases.flatMap(({ query }) => tablesOf(query)));
  const values = new Map<string, readonly string[]>();
  for (const table of catalog.tables) {
    if (!read.has(table.name)) continue;
    for (const { name } of table.columns) {
      const answer = await answerOf(
        engine,
        `SELECT DISTINCT ${name} FROM ${table.name} WHERE ${name} IS NOT NULL ORDER BY ${name} LIMIT 20`,
      );
      values.set(`${table.name}.${name}`, (answer?.rows ?? []).toSorted());
    }
  }
  return values;
}

const tablesOf = (query: Query): string[] => [
  ...sourcesOf(query).flatMap((source) =>
    source.query === undefined ? [source.table] : tablesOf(source.query),
  ),
  ...query.where.flatMap((condition) => (condition.kind === 'member' ? tablesOf(condition.query) : [])),
];
