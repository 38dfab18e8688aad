import { codeColumnOf, labelOf, numberKeyOf } from './label-column.ts';
import type { Links, Link } from './links.ts';
import type { Asset, AssetColumn } from './model.ts';
import { stem, stemsOf, type Span, type Token } from './tokens.ts';
import { COMMON_ADJECTIVES } from './words.ts';

/** Whether a word of the question is free to be a value: nothing else explains it. */
type IsFree = (index: number) => boolean;

/** Quoted, a code, or capitalised inside the sentence: such a word is a value, never a verb. */
export const isMarked = (token: Token | undefined): boolean =>
  token !== undefined && (token.quoted || token.code || token.capital);

const NAMING = /^(?:named|called|equals|equal|to|like)$/;
const COPULA = /^(?:is|are|was|were)$/;
const ARTICLE = /^(?:a|an|the|not)$/;
const DO_SUPPORT = /^(?:do|does|did|can|could|will|would|should|must|may|might)$/;
/** Prepositions that make a column and its neighbour one description of something. */
const DESCRIBES =
  /^(?:with|where|whose|having|has|have|of|in|from|for|at|on|only|and|or|no|not|without|except|excluding)$/;
const STATES = /^(?:with|where|whose|having|without)$/;
const PLACE =
  /^(?:in|at|by|on|from|to|for|with|near|since|during|before|after|between|within|of|into|under|over)$/;
const LONGEST_TYPED = 3;

/**
 * "status is open", "with status open", "name "X"": the words after a column that are its value as typed.
 *
 * A plain word counts only where the grammar leaves no other reading: a verb after the noun it belongs to is no value.
 */
export function typedAfter(
  tokens: readonly Token[],
  link: Span,
  isLabel: boolean,
  free: IsFree,
): Span | null {
  let start = link.end;
  let [named, copula] = [false, false];
  while (
    start - link.end < 2 &&
    /^(?:is|are|was|were|equals|equal|to|of|as|named|called|like)$/.test(tokens[start]?.lower ?? '')
  ) {
    named ||= NAMING.test(tokens[start]?.lower ?? '');
    copula ||= COPULA.test(tokens[start]?.lower ?? '');
    start++;
  }
  while (ARTICLE.test(tokens[start]?.lower ?? '')) start++;
  if (!free(start) || (tokens[start]?.afterComma ?? false)) return null;
  if (isMarked(tokens[start])) return { start, end: endOfMarked(tokens, start, free) };
  const opener = openerBefore(tokens, link.start, free);
  const states = named || STATES.test(opener);
  if (/.{2}est$/.test(tokens[start]?.lower ?? '') && tokens[start - 1]?.lower === 'the') return null;
  if (!states && !(copula ? !isLabel : DESCRIBES.test(opener))) return null;
  let end = start;
  while (
    end < tokens.length &&
    end - start < LONGEST_TYPED &&
    free(end) &&
    !(tokens[end]?.afterComma ?? false)
  )
    end++;
  const hasDoSupport = tokens.slice(0, link.start).some((token) => DO_SUPPORT.test(token.lower));
  if (hasDoSupport) end--;
  const opensVerbPhrase =
    /(?:ed|ing)$/.test(tokens[start]?.lower ?? '') && PLACE.test(tokens[end]?.lower ?? '');
  return end <= start || (opensVerbPhrase && !states) ? null : { start, end };
}

/** "in the open status", "the Riverside district": the words right before a column that are its value as typed. */
export function typedBefore(tokens: readonly Token[], link: Span, free: IsFree): Span | null {
  let start = link.start;
  while (
    start > 0 &&
    link.start - start < LONGEST_TYPED &&
    free(start - 1) &&
    !COMMON_ADJECTIVES.has(tokens[start - 1]?.lower ?? '')
  )
    start--;
  if (start === link.start) return null;
  if (tokens.slice(start, link.start).every(isMarked)) return { start, end: link.start };
  let before = start - 1;
  while (ARTICLE.test(tokens[before]?.lower ?? '')) before--;
  return /^(?:in|with|of|from|for|at|on|no|not|without)$/.test(tokens[before]?.lower ?? '')
    ? { start, end: link.start }
    : null;
}

/** The function word that opens the phrase a column stands in; its own adjectives and article are skipped. */
function openerBefore(tokens: readonly Token[], from: number, free: IsFree): string {
  let index = from - 1;
  while (
    index >= 0 &&
    from - index <= LONGEST_TYPED &&
    (free(index) || /^(?:a|an|the|its|their)$/.test(tokens[index]?.lower ?? ''))
  )
    index--;
  return tokens[index]?.lower ?? '';
}

/** A quoted phrase or a code stands alone; capitals go together. */
export function endOfMarked(tokens: readonly Token[], start: number, free: IsFree): number {
  const first = tokens[start];
  let end = start + 1;
  if (first === undefined || first.quoted || first.code) return end;
  while (
    free(end) &&
    (tokens[end]?.capital ?? false) &&
    !(tokens[end]?.quoted ?? true) &&
    !(tokens[end]?.afterComma ?? true)
  )
    end++;
  return end;
}

/** Columns that a marked word may stand in, when no column is named beside it: by the noun or the name part before it. */
export function columnsFor(token: Token, span: Span, links: Links, assets: readonly Asset[]): AssetColumn[] {
  const columnOf = (asset: Asset): AssetColumn | null => {
    const label = labelOf(asset);
    return token.code ? codeColumnOf(asset, token.text) : label?.kind === 'text' ? label : null;
  };
  const near = (link: Link): boolean =>
    (link.end <= span.start && span.start - link.end <= 1) || link.start === span.end;
  const tables = (wanted: (link: Link) => boolean): Asset[] => [
    ...new Set(
      links.phrases.flatMap((link) =>
        link.target.kind === 'asset' && assets.includes(link.target.asset) && wanted(link)
          ? [link.target.asset]
          : [],
      ),
    ),
  ];
  const parts = [...(links.words[span.start - 1] ?? [])]
    .filter((entry) => entry.source === 'name' && entry.target.kind === 'column')
    .flatMap((entry) =>
      entry.target.kind === 'column' && entry.target.column.kind === 'text' ? [entry.target.column] : [],
    );
  const prefix = stem(/^[A-Za-z]{3,}(?=[#_/-])/.exec(token.code ? token.text : '')?.[0].toLowerCase() ?? '');
  const namesakes = assets.filter((asset) => prefix !== '' && stemsOf(asset.alias).join('') === prefix);
  const beside = namesakes.length > 0 ? namesakes : tables(near);
  if (beside.length > 0) return beside.flatMap((asset) => columnOf(asset) ?? []);
  if (parts.length > 0) return parts;
  return token.code ? tables(() => true).flatMap((asset) => columnOf(asset) ?? []) : [];
}

/** "shop 7", "room number 12": a bare number after a noun is its key, after a number column its value. */
export function numberAfter(
  token: Token,
  tokens: readonly Token[],
  links: readonly Link[],
): AssetColumn | null {
  if (token.number === null) return null;
  for (const link of links) {
    if (link.end !== token.index) continue;
    const { target } = link;
    if (target.kind === 'column' && target.column.kind === 'number' && target.column.role !== 'measure')
      return target.column;
    const plural = /[^s]s$/.test(tokens[link.end - 1]?.lower ?? '');
    if (target.kind === 'asset' && target.asset.kind === 'table' && !plural) return numberKeyOf(target.asset);
  }
  return null;
}
