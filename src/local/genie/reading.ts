import { columnKey, type Asset } from './model.ts';
import { readComparisons, readRanking, type Comparison, type Ranking } from './comparisons.ts';
import { readIntent, type Intent } from './intent.ts';
import type { Knowledge } from './knowledge.ts';
import { linkQuestion, maximalLinks, type Link, type Links } from './links.ts';
import { longNames, withNamedWords, withoutNames } from './named-words.ts';
import { overlaps, questionText } from './question-text.ts';
import { withDefinedSuperlatives } from './superlatives.ts';
import { readTime, type TimeIntent } from './time.ts';
import { tokenise, type Span, type Token } from './tokens.ts';
import { columnValues, linkValues, type ValueLink } from './value-links.ts';
import type { ValueLookup } from '../genie-engine.ts';

/** A question with everything that could be made out before a table is chosen. */
export interface Reading {
  readonly tokens: readonly Token[];
  readonly stems: ReadonlySet<string>;
  readonly time: TimeIntent;
  readonly comparisons: readonly Comparison[];
  readonly ranking: Ranking | null;
  readonly links: Links;
  /** The longest phrases, none overlapping. */
  readonly certain: readonly Link[];
  readonly values: readonly ValueLink[];
  readonly intent: Intent;
}

/** Reads periods first, then comparisons, rankings, names and values; what is read once is not read again. */
export async function readQuestion(
  question: string,
  knowledge: Knowledge,
  today: string,
  values: ValueLookup,
): Promise<Reading> {
  const typed = tokenise(withDefinedSuperlatives(question, knowledge.rules.superlatives));
  const named = linkQuestion(typed, knowledge.lexicon).phrases;
  const tokens = withNamedWords(typed, named);
  const text = questionText(tokens);
  const time = withoutNames(readTime(text, today), longNames(named));
  const timeSpans = [
    ...time.periods.map((period) => period.span),
    ...time.nested,
    ...(time.grain === null ? [] : [time.grain.span]),
  ];
  const comparisons = readComparisons(text).filter(
    (comparison) => !timeSpans.some((span) => overlaps(span, comparison.span)),
  );
  const blocked = [...timeSpans, ...comparisons.map((comparison) => comparison.span)];
  const links = linkQuestion(tokens, knowledge.lexicon, blocked);
  const certain = maximalLinks(links);
  const found = readRanking(text);
  const ranking =
    found === null ||
    blocked.some((span) => overlaps(span, found.span)) ||
    certain.some((link) => insidePhrase(link, found.span))
      ? null
      : found;
  const dictionary = await columnValues(tablesOf(knowledge), values, knowledge.values);
  const valueLinks = linkValues({
    tokens,
    explained: certain,
    links,
    assets: tablesOf(knowledge),
    blocked: ranking === null ? blocked : [...blocked, ranking.span],
    columnLinks: columnLinks(certain),
    dictionary,
    codes: knowledge.codes,
  });
  const parted = readIntent({
    tokens,
    question: text,
    blocked,
    ranking,
    glued: certain.filter((link) => link.end - link.start > 1),
  });
  const intent = withCountedThings(parted, comparisons, certain);
  return {
    tokens,
    stems: new Set(tokens.filter((token) => token.content).map((token) => token.stem)),
    time,
    comparisons,
    ranking,
    links,
    certain,
    values: valueLinks,
    intent,
  };
}

const insidePhrase = (link: Link, span: Span): boolean => link.end - link.start > 1 && overlaps(link, span);

const tablesOf = (knowledge: Knowledge): Asset[] =>
  knowledge.schema.assets.filter((asset) => asset.kind !== 'function');

function columnLinks(links: readonly Link[]): Link[] {
  const seen = new Set<string>();
  return links.filter((link) => {
    if (link.target.kind !== 'column') return false;
    const key = `${columnKey(link.target.column)}@${link.start}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** "with more than 5 things": the things are counted, whatever the question asks for besides. */
function withCountedThings(
  intent: Intent,
  comparisons: readonly Comparison[],
  links: readonly Link[],
): Intent {
  const counted = comparisons.flatMap((comparison) =>
    links.filter((link) => link.start === comparison.span.end && link.target.kind === 'asset'),
  );
  if (counted.length === 0) return intent;
  const items = intent.items.map((item) =>
    counted.some((link) => item.tokens[0] === link.start) && item.role !== 'measure'
      ? { ...item, role: 'measure' as const, aggregate: 'COUNT' as const }
      : item,
  );
  return { ...intent, items };
}
