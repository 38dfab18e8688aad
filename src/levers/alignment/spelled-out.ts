import { nameInTable, type Element, type ElementUse } from './element.ts';
import { MAX_PHRASE_WORDS, phraseAt, type Phrase } from './phrases.ts';
import { isQueryWord } from './stop-words.ts';
import { abbreviationScore, identifierWords, indexOfRun, type Word } from './words.ts';

/** Last words of identifiers that say how a thing is stored and not what it is. */
const STORAGE_WORDS = new Set([
  'cd',
  'code',
  'nm',
  'name',
  'dt',
  'date',
  'sk',
  'id',
  'key',
  'no',
  'nr',
  'num',
  'flg',
  'flag',
  'ind',
  'amt',
  'qty',
  'cnt',
  'pct',
  'desc',
  'typ',
  'type',
  'val',
  'value',
  'ts',
]);
const TIME_UNITS = new Set(['day', 'week', 'month', 'quarter', 'year']);

/**
 * Words that spell an identifier out: `total price` for totalprice, `tier` for tier_cd, `month` for
 * sld_mth. They may be words of asking, which no other phrase begins with.
 */
export function spelledOut(element: Element, words: readonly Word[]): Phrase | null {
  const identifier = nameInTable(element);
  if (identifier === null) return null;
  const parts = identifierWords(identifier.replace(/^[a-z]{1,2}_/i, ''));
  const wanted = parts.join('');
  const core = parts.length > 1 && STORAGE_WORDS.has(parts.at(-1) ?? '') ? parts.slice(0, -1) : [];
  const folded = words.map((word) => word.folded);
  const atCore = core.some((part) => part.length > 2) ? indexOfRun(folded, core) : -1;
  if (atCore >= 0) return phraseAt(words, atCore, core.length, 'none');
  const unit = folded.findIndex(
    (word) =>
      TIME_UNITS.has(word) &&
      parts.some((part) => abbreviationScore(part, [word]) >= 0.7 && (part !== word || parts.length > 1)),
  );
  if (unit >= 0) return phraseAt(words, unit, 1, 'none');
  for (let start = 0; start < words.length; start++) {
    for (let length = 2; length <= MAX_PHRASE_WORDS && start + length <= words.length; length++) {
      if (folded.slice(start, start + length).join('') === wanted)
        return phraseAt(words, start, length, 'none');
    }
  }
  return null;
}

/**
 * A word of asking by which the answer key itself calls a bare column: `count AS row_count` where people ask for
 * rows.
 *
 * Such a word begins no phrase, because it mostly speaks of the query; the key says that here it does not.
 */
export function calledInKey({ element, roles, alias }: ElementUse, words: readonly Word[]): Phrase | null {
  if (element.kind !== 'column' || alias === null || !roles.includes('select')) return null;
  const own = identifierWords(element.column);
  const said = identifierWords(alias).filter(
    (word) => word.length > 2 && isQueryWord(word) && !own.includes(word),
  );
  const start = words.findIndex(({ folded }) => said.includes(folded));
  return start === -1 ? null : phraseAt(words, start, 1, 'none');
}
