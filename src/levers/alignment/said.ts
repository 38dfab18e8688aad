import type { Space } from '../../spaces/index.ts';
import type { Schema } from '../schema.ts';
import { writeFragment } from '../sql-fragment.ts';
import type { Element } from './element.ts';
import type { AnalyzedRow } from './row-analysis.ts';
import { isContentWord } from './stop-words.ts';
import { wordsOf } from './words.ts';

const squeeze = (text: string): string => text.toLowerCase().replaceAll(/[\s`]+/g, '');

/** What follows says for which questions a rule holds. */
const SCOPE = /\b(?:when|whenever|if|unless|for)\b/i;

/** So much of its scope must a question say for a rule to be about it. */
const SCOPE_SHARE = 0.5;

/**
 * Whether a named condition of the space, or an instruction that is about the question, states a condition: what
 * failed was not for lack of it.
 */
export function isSaid(
  element: Element & { readonly kind: 'predicate' },
  { folded }: AnalyzedRow,
  schema: Schema,
  { instructions }: Space,
): boolean {
  const condition = writeFragment(element.sql, schema, element.tables);
  if (condition === null) return false;
  const wanted = squeeze(condition);
  if ((instructions?.sql_snippets?.filters ?? []).some(({ sql }) => squeeze(sql.join('')) === wanted))
    return true;
  const lines = (instructions?.text_instructions ?? [])
    .flatMap(({ content }) => content ?? [])
    .join('')
    .split('\n');
  return lines.some((line) => {
    if (!squeeze(line).includes(wanted)) return false;
    const [before = '', ...after] = line.split(SCOPE);
    const scopeText = squeeze(before).includes(wanted)
      ? after.join(' ')
      : (after.join(' ').split(/,|\b(?:use|apply|count|always|only)\b/i)[0] ?? '');
    const scope = wordsOf(scopeText)
      .map((word) => word.folded)
      .filter(isContentWord);
    const said = scope.filter((word) => folded.includes(word)).length;
    return scope.length === 0 || said >= SCOPE_SHARE * scope.length;
  });
}
