import { shortName } from '../../../core/index.ts';
import { isContentWord } from '../../alignment/stop-words.ts';
import { foldWord, identifierWords, wordsOf } from '../../alignment/words.ts';
import type { SchemaTable } from '../../schema.ts';
import { defineScanCheck } from '../check.ts';
import type { Statement } from '../lint/statements.ts';

/** Two assets compete when they share this share of the smaller one's columns … */
const SHARED_COLUMNS = 0.6;
/** … or of the words that name and describe them. */
const SHARED_WORDS = 0.75;

export const competingAssets = defineScanCheck({
  id: 'competing_assets',
  severity: 'warning',
  explains: 'Two assets hold or describe nearly the same and nothing says which one answers what.',
  find({ tables, statements }) {
    const profiles = tables.map((table) => ({
      table,
      words: wordsFor(table),
      columns: new Set(table.columns.keys()),
    }));
    return profiles.flatMap((one, at) =>
      profiles.slice(at + 1).flatMap((other) => {
        const columns = overlap(one.columns, other.columns);
        const words = overlap(one.words, other.words);
        const isSimilar =
          (one.columns.size >= 3 && other.columns.size >= 3 && columns >= SHARED_COLUMNS) ||
          (one.words.size >= 3 && other.words.size >= 3 && words >= SHARED_WORDS);
        if (!isSimilar || isToldApart(one.table, other.table, statements)) return [];
        return [
          {
            where: [one.table.name, other.table.name],
            message: `${one.table.name} and ${other.table.name} look alike (${Math.round(100 * Math.max(columns, words))} % shared), and nothing says which one to use.`,
            advice: 'Say on both sides what each is for and what it is not for.',
          },
        ];
      }),
    );
  },
});

/** One sentence names both, or one of them says of itself what it is not for. */
function isToldApart(one: SchemaTable, other: SchemaTable, statements: readonly Statement[]): boolean {
  const [first, second] = [shortName(one.name), shortName(other.name)];
  return (
    EXCLUSION.test(one.description) ||
    EXCLUSION.test(other.description) ||
    statements.some(({ text }) => {
      const words = text.toLowerCase().split(/[^\p{L}\p{N}_]+/u);
      return words.includes(first) && words.includes(second);
    })
  );
}

const EXCLUSION = /\b(?:not|never|instead|only|rather)\b/i;

const wordsFor = ({ name, description }: SchemaTable): Set<string> =>
  new Set(
    [
      ...identifierWords(shortName(name)),
      ...wordsOf(description).map(({ surface }) => foldWord(surface)),
    ].filter(isContentWord),
  );

/** Shared members, as a share of the smaller set; 0 when one is empty. */
function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const smaller = Math.min(a.size, b.size);
  if (smaller === 0) return 0;
  return [...a].filter((item) => b.has(item)).length / smaller;
}
