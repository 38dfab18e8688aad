import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  answerKey,
  CATEGORIES,
  lintBenchmarks,
  loadBenchmarks,
  SPLITS,
  type LoadedBenchmarks,
} from '../../src/benchmarks/index.ts';
import type { EvaluationRow } from '../../src/evaluation/index.ts';
import { parseSpace, validateSpace } from '../../src/spaces/index.ts';
import { solvedSample, type SolvedSample } from './solved-sample.ts';

/** What holds for every shipped sample, and what differs. */
export interface SampleFacts {
  readonly name: string;
  readonly metricViews: readonly string[];
  readonly functions: readonly string[];
  /** Words that people use in the questions and that no name, comment or instruction contains. */
  readonly businessWords: readonly string[];
  /** How many answers are right without and with the patches of `solutions/`, at variance 0. */
  readonly right: Readonly<Record<'shipped' | 'good', Readonly<Record<string, string>>>>;
  /** Questions that the patches of one lever make right and those of no other. */
  readonly onlyByLever: Readonly<Record<string, readonly string[]>>;
}

const MAX_FILE_BYTES = 1_000_000;

export function describeSample(facts: SampleFacts): void {
  const folder = fileURLToPath(new URL(`../../samples/${facts.name}/`, import.meta.url));
  let settings: { domain: string; variables: Record<string, string> };
  let suite: LoadedBenchmarks;
  let catalogSql: string;
  let spaceText: string;
  beforeAll(async () => {
    settings = parse(await readFile(join(folder, 'sample.yaml'), 'utf8')) as typeof settings;
    suite = await loadBenchmarks(join(folder, 'golden-queries.yaml'), settings);
    catalogSql = await readFile(join(folder, 'catalog.sql'), 'utf8');
    spaceText = await readFile(join(folder, 'space.geniespace.json'), 'utf8');
  });

  describe(`the files of sample ${facts.name}`, () => {
    it('hold 40 to 60 questions, without a problem, each with its split in the file', async () => {
      expect(suite.problems).toEqual([]);
      expect(suite.questions.length).toBeGreaterThanOrEqual(40);
      expect(suite.questions.length).toBeLessThanOrEqual(60);
      const file = parse(await readFile(join(folder, 'golden-queries.yaml'), 'utf8')) as Record<string, { split?: string }[]>;
      expect(file[settings.domain]?.filter((question) => question.split === undefined)).toEqual([]);
    });

    it('split the questions about 60/20/20 with at least 9 held out', () => {
      const share = (split: string): number =>
        suite.questions.filter((question) => question.split === split).length / suite.questions.length;
      expect(share('train')).toBeCloseTo(0.6, 1);
      expect(share('val')).toBeCloseTo(0.2, 1);
      expect(share('held_out')).toBeCloseTo(0.2, 1);
      expect(suite.questions.filter((question) => question.split === 'held_out').length).toBeGreaterThanOrEqual(9);
    });

    it('cover every category, asset kind, priority, metric view and function', () => {
      const report = lintBenchmarks(suite, { metricViews: facts.metricViews, functions: facts.functions });
      expect(report.warnings).toEqual([]);
      const used = new Set(suite.questions.map((question) => question.category));
      expect([...used].sort()).toEqual([...CATEGORIES].sort());
      expect(Object.values(report.assets).every((count) => count > 0)).toBe(true);
      expect(new Set(suite.questions.map((question) => question.priority)).size).toBe(3);
    });

    it('let paraphrases share a split', () => {
      const splits = new Map(SPLITS.map((split) => [split, suite.questions.filter((question) => question.split === split)]));
      const keys = [...splits.values()].map((questions) => [...new Set(questions.map((question) => answerKey(question.expected_sql)))]).flat();
      expect(new Set(keys).size).toBe(keys.length);
    });

    it('need for no held-out question a business rule that train does not show', () => {
      const rules = (split: string): string[] =>
        suite.questions.filter((question) => question.split === split).flatMap((question) => question.required_business_logic);
      const shown = rules('train');
      expect([...rules('val'), ...rules('held_out')].filter((rule) => !shown.includes(rule))).toEqual([]);
    });

    it('never define the words that people use', () => {
      const names = `${catalogSql.replace(/^--.*$/gm, '')}\n${spaceText}`.toLowerCase();
      const asked = suite.questions.map((question) => question.question.toLowerCase()).join('\n');
      expect(facts.businessWords.filter((word) => !asked.includes(word))).toEqual([]);
      expect(facts.businessWords.filter((word) => names.includes(word))).toEqual([]);
    });

    it('hold a valid and sparse space', () => {
      const space = parseSpace(spaceText);
      expect(validateSpace(space)).toEqual([]);
      expect(space.instructions?.join_specs ?? []).toEqual([]);
      expect(space.instructions?.example_question_sqls ?? []).toEqual([]);
    });

    it('stay small', async () => {
      const files = await readdir(folder, { recursive: true });
      const sizes = await Promise.all(files.map(async (file) => [file, (await stat(join(folder, file))).size] as const));
      expect(sizes.filter(([, bytes]) => bytes > MAX_FILE_BYTES)).toEqual([]);
    });
  });

  describe(`the answers of sample ${facts.name}`, () => {
    let solved: SolvedSample;
    beforeAll(async () => {
      solved = await solvedSample(facts.name);
    }, 120_000);
    afterAll(() => solved.local.close());

    it('have keys that all run, return rows, and differ where the questions differ', async () => {
      const answers = new Map<string, { readonly ids: string[]; readonly keys: Set<string> }>();
      const empty: string[] = [];
      for (const question of suite.questions) {
        const rows = await solved.rowsOf(question.expected_sql);
        if (rows.length === 0) empty.push(question.id);
        const key = JSON.stringify(rows);
        const same = answers.get(key) ?? { ids: [], keys: new Set() };
        same.ids.push(question.id);
        same.keys.add(normalSql(question.expected_sql));
        answers.set(key, same);
      }
      expect(empty).toEqual([]);
      expect([...answers.values()].filter(({ keys }) => keys.size > 1).map(({ ids }) => ids)).toEqual([]);
    }, 120_000);

    it('are right this often as shipped, and this often with good metadata', async () => {
      const shipped = await solved.evaluateWith([]);
      const good = await solved.evaluateWith(solved.patches.map(({ patch }) => patch));
      expect({ shipped: rightPerSplit(shipped), good: rightPerSplit(good) }).toEqual(facts.right);
      const lost = shipped.filter((row, at) => row.correct === true && good[at]?.correct !== true);
      expect(lost.map((row) => row.question_id)).toEqual([]);
    }, 120_000);

    it('can be mended for each lever by its patches alone, where no patch of another lever helps', async () => {
      const ids = Object.values(facts.onlyByLever).flat();
      const mended: Record<string, string[]> = {};
      for (const lever of PATCH_LEVERS) {
        const own = solved.patches.filter((entry) => entry.lever === lever).map(({ patch }) => patch);
        const rows = await solved.evaluateWith(own, ids);
        mended[lever] = rows.filter(({ correct }) => correct === true).map((row) => row.question_id);
      }
      expect(mended).toEqual(facts.onlyByLever);
    }, 120_000);

    it('come from good metadata that repeats no question and no answer key', () => {
      const written = solved.patches.map(({ patch }) => squeezed(JSON.stringify(patch)));
      const repeated = suite.questions.filter((question) =>
        [question.question, question.expected_sql].some((text) =>
          written.some((patch) => patch.includes(squeezed(text))),
        ),
      );
      expect(repeated.map(({ id }) => id)).toEqual([]);
    });
  });
}

const PATCH_LEVERS = [1, 2, 3, 4, 5, 6] as const;

/** `right of asked` per split. */
const rightPerSplit = (rows: readonly EvaluationRow[]): Record<string, string> =>
  Object.fromEntries(
    SPLITS.map((split) => {
      const own = rows.filter((row) => row.split === split);
      return [split, `${own.filter((row) => row.correct === true).length} of ${own.length}`];
    }),
  );

const squeezed = (text: string): string => text.toLowerCase().replaceAll(/\\n|\W+/g, ' ').trim();

/** Paraphrases may name their result columns after the words of the question. */
const normalSql = (sql: string): string => answerKey(sql).replaceAll(/ as \w+/g, '');
