import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const SOURCE = new URL('../../../src/local/genie/', import.meta.url).pathname;
const SAMPLES = new URL('../../../samples/', import.meta.url).pathname;

/**
 * General English and words of SQL, dates and metadata that the code may use although samples use them too.
 * Reviewed by hand: no word here names a thing of a business.
 */
const GENERAL = new Set(
  `a about above after all an and any are as asc asked at available average avg be been before being below best between big biggest both bottom
   bucket but by calculate called case catalog code codes column columns comment compare count counts current currently cut daily data date
   dates day days decimal default desc detail details did different digit dim display distinct divide do does double down during each early
   earlier earliest end entity equal ever every exactly exclude excluding exist exists expression false filter final find first fiscal five
   flag follow for four from full function general get give given go greater greatest group half has have having high higher highest how id if
   in include including int integer into is it its join just key keys kind label large largest last late later latest least left less level
   like limit line list long longer longest low lower lowest many match max maximum mean means measure median metric min minimum missing month
   monthly months more most much name names need never new newest next no none normal not note null number numbers of off old oldest on one
   only open or order ordered other over overall own parameter part past per percent percentage period please position previous quarter
   quarterly quarters question range rank ranked rate read recent record relation report result return right role row rows same second see
   select set share short shortest show since size smallest so some sort sorted split standard start starts state status still string sum table
   tables tell ten text than that the their them then there these they third this three time times timestamp to today top total twenty two type
   types under unique unit until up us use used using value values version view was we week weekly weeks were what when where which while who
   whole whose why with within without word words work worst would year yearly years yes yesterday you your zero fewer leave had space through far our now non
   january february march april may june july august september october november december`
    .split(/\s+/)
    .filter((word) => word !== ''),
);

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[a-z]+/g) ?? [];

/** Without comments and import paths: they are read by people, not by the engine. */
const withoutComments = (source: string): string =>
  source.replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$|from '[^']*';/gm, '');

/** Words of string, template and pattern literals: the vocabulary the engine links with. */
const literalWords = (source: string): string[] =>
  [
    ...withoutComments(source).matchAll(
      /'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`|(?<=[(,=:[?|&]\s*)\/((?:[^/\\\n]|\\.|\[[^\]]*\])+)\/[gimsuy]*/g,
    ),
  ]
    .flatMap((match) =>
      wordsOf(
        (match[1] ?? match[2] ?? match[3] ?? '')
          .replaceAll(/\\[bsdwSDW]/g, ' ')
          .replaceAll(/\$\{[^}]*\}/g, ' '),
      ),
    )
    .filter((word) => word.length > 2);

function files(folder: string, suffix: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? files(path, suffix) : path.endsWith(suffix) ? [path] : [];
  });
}

/** Table, column and function names of a `catalog.sql`, whole and in parts. */
function schemaWords(sql: string): { names: string[]; words: string[] } {
  const text = sql.replaceAll(/--.*$/gm, '').replaceAll(/'(?:[^'\\]|\\.|'')*'/g, "''");
  const names = [
    ...[
      ...text.matchAll(
        /CREATE\s+(?:OR\s+REPLACE\s+)?(?:TABLE|VIEW|FUNCTION|SCHEMA|CATALOG)\s+(?:IF\s+NOT\s+EXISTS\s+)?([\w.`]+)/gi,
      ),
    ].flatMap((match) => (match[1] ?? '').replaceAll('`', '').split('.')),
    ...[
      ...text.matchAll(
        /^\s*`?(\w+)`?\s+(?:BIGINT|INT|STRING|DATE|DECIMAL|DOUBLE|TIMESTAMP|BOOLEAN|FLOAT|SMALLINT)\b/gim,
      ),
    ].map((match) => match[1] ?? ''),
    ...[...sql.matchAll(/^\s*-?\s*name:\s*["']?(\w+)/gim)].map((match) => match[1] ?? ''),
  ].map((name) => name.toLowerCase());
  return {
    names,
    words: names.flatMap((name) => name.split('_').flatMap(wordsOf)).filter((word) => word.length > 2),
  };
}

const questionWords = (yaml: string): string[] =>
  [...yaml.matchAll(/^\s*-?\s*question:\s*(.+)$/gm)]
    .flatMap((match) => wordsOf(match[1] ?? ''))
    .filter((word) => word.length > 2);

const sources = files(SOURCE, '.ts').map((path) => ({
  file: path.slice(SOURCE.length),
  text: readFileSync(path, 'utf8'),
}));
const catalogs = existsSync(SAMPLES)
  ? files(SAMPLES, '.sql').map((path) => schemaWords(readFileSync(path, 'utf8')))
  : [];
const questions = existsSync(SAMPLES)
  ? files(SAMPLES, 'golden-queries.yaml').flatMap((path) => questionWords(readFileSync(path, 'utf8')))
  : [];

const found = (source: string, forbidden: ReadonlySet<string>): string[] => [
  ...new Set(literalWords(source).filter((word) => forbidden.has(word))),
];

describe('the linking code knows no sample', () => {
  const business = new Set(
    [...catalogs.flatMap((catalog) => catalog.words), ...questions].filter((word) => !GENERAL.has(word)),
  );
  /** `column_name` is a key of the space itself. */
  const identifiers = new Set(
    catalogs
      .flatMap((catalog) => catalog.names)
      .filter((name) => name.length > 4 && !GENERAL.has(name) && name !== 'column_name'),
  );

  it('the scan sees a planted word in a text, a pattern and a template', () => {
    const planted = new Set(['walrus', 'otter', 'heron']);
    expect(found("const a = 'walrus'; // otter\nx.replace(/heron|b/g, `otter`)", planted)).toEqual([
      'walrus',
      'heron',
      'otter',
    ]);
    expect(found('/* walrus */ const b = 1; // heron', planted)).toEqual([]);
  });

  it.each(sources)('$file', ({ text }) => {
    expect(found(text, business)).toEqual([]);
    expect(
      (withoutComments(text).toLowerCase().match(/\w+/g) ?? []).filter(
        (word) => identifiers.has(word) && word.includes('_'),
      ),
    ).toEqual([]);
  });
});
