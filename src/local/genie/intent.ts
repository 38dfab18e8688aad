import type { Ranking } from './comparisons.ts';
import type { Link } from './links.ts';
import { covers, type QuestionText } from './question-text.ts';
import type { Span, Token } from './tokens.ts';
import { BOUNDARIES, GROUP_CUES } from './words.ts';

export type Aggregate = 'SUM' | 'AVG' | 'MIN' | 'MAX' | 'COUNT' | 'COUNT_DISTINCT' | 'MEDIAN';

/** The part a stretch of words plays in the question. */
export type Role = 'measure' | 'group' | 'subject' | 'entity' | 'filter' | 'order';

export interface IntentItem {
  readonly role: Role;
  readonly aggregate: Aggregate | null;
  /** Indexes of its words, the words of the cue ("total", "how many") included. */
  readonly tokens: readonly number[];
  /** Indexes of the words of the cue alone. */
  readonly cue: readonly number[];
  /** The superlative before it ranks other things by it. */
  readonly ranks: boolean;
}

export interface Intent {
  readonly items: readonly IntentItem[];
  /** Opened by list, show, which …: rows are wanted unless something is measured. */
  readonly asksForRows: boolean;
  readonly distinct: boolean;
}

const AGGREGATES: readonly (readonly [RegExp, Aggregate])[] = [
  [
    /\b(?:how many|number of|count of|count)(?: of)?(?: all)?(?: the)? (?:different|distinct|unique)\b|\b(?:different|distinct|unique) (?:number|count) of\b/g,
    'COUNT_DISTINCT',
  ],
  [/\b(?:average|avg|mean|typical)(?: (?:number|count) of)?\b|\bon average\b/g, 'AVG'],
  [/\bmedian(?: number of)?\b/g, 'MEDIAN'],
  [
    /\bhow many\b|\b(?:total |overall )?(?:number|count) of\b|\bcounts?\b(?! on)|\bhow (?:often|frequently)\b/g,
    'COUNT',
  ],
  [/\b(?:total|sum of(?: the| all)?|sum|overall|combined|how much|altogether|cumulative)\b/g, 'SUM'],
];
const AUXILIARY = new Set('is are was were do does did has have had'.split(' '));
const OPENERS = new Set('which what who list show give find get display see tell'.split(' '));

/** Cuts a question into the parts that are measured, grouped by, listed and filtered on. */
export function readIntent(input: {
  readonly tokens: readonly Token[];
  readonly question: QuestionText;
  readonly blocked: readonly Span[];
  readonly ranking: Ranking | null;
  /** Phrases of several words: no function word inside one parts the question. */
  readonly glued: readonly Link[];
}): Intent {
  const { tokens, question, ranking } = input;
  const cues = aggregateCues(question);
  const items: {
    role: Role;
    aggregate: Aggregate | null;
    tokens: number[];
    cue: number[];
    ranks: boolean;
  }[] = [];
  let current = {
    role: 'subject' as Role,
    aggregate: null as Aggregate | null,
    tokens: [] as number[],
    cue: [] as number[],
    ranks: false,
  };
  let average = false;
  let asksForRows = false;
  const hasContent = (): boolean => current.tokens.some((index) => tokens[index]?.content === true);
  const open = (role: Role, aggregate: Aggregate | null = null, ranks = false): void => {
    // "ordered by name": the word names no column of its own, yet it says by what.
    const sorts = current.role === 'order' && current.tokens.length > 0;
    if (hasContent() || current.aggregate !== null || sorts) items.push(current);
    current = { role, aggregate, tokens: [], cue: [], ranks };
  };
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index];
    if (token === undefined || input.blocked.some((span) => covers(span, index))) continue;
    const glue = input.glued.find((link) => covers(link, index) && link.start < index);
    const cue = cues.find((candidate) => candidate.span.start === index);
    if (cue !== undefined) {
      if (question.text.slice(cue.from).startsWith('on average')) average = true;
      else {
        // "highest total …": the superlative ranks the sums, it is no aggregate of its own.
        const superlative = current.tokens.length === 0 && (current.aggregate !== null || current.ranks);
        if (superlative) current.aggregate = null;
        open('measure', cue.aggregate, superlative);
      }
      if (!average) {
        current.tokens.push(...indexes(cue.span));
        current.cue.push(...indexes(cue.span));
      }
      index = cue.span.end - 1;
      continue;
    }
    if (ranking !== null && ranking.span.start === index) {
      const subjectBefore =
        hasContent() || items.some((item) => item.role === 'subject' || item.role === 'group');
      // "top 5 things" names the things next; "five things with the most" has named them.
      if (ranking.limit !== null && ranking.span.end - ranking.span.start > 1) open('subject', null, true);
      else if (subjectBefore) open('measure', null, true);
      else open('measure', ranking.direction === 'DESC' ? 'MAX' : 'MIN');
      index = ranking.span.end - 1;
      continue;
    }
    if (glue !== undefined) {
      current.tokens.push(index);
      continue;
    }
    const previous = tokens[index - 1]?.lower ?? '';
    if (token.lower === 'by' && /^(?:sort|sorted|order|ordered|rank|ranked|arranged)$/.test(previous))
      open('order');
    // "show me every thing": nothing is grouped where a list has just been asked for.
    else if (token.lower === 'every' && asksForRows && items.length === 0 && !hasContent()) continue;
    else if (GROUP_CUES.has(token.lower)) {
      const ranksBy =
        token.lower === 'by' &&
        ranking !== null &&
        !items.some((item) => item.role === 'measure') &&
        current.role !== 'measure';
      open(ranksBy ? 'measure' : 'group', null, ranksBy);
    } else if (OPENERS.has(token.lower)) {
      asksForRows ||= true;
      open('subject');
    } else if (token.lower === 'of') {
      if (hasContent()) open(current.role === 'group' || current.role === 'filter' ? 'filter' : 'entity');
    } else if (BOUNDARIES.has(token.lower)) {
      if (!AUXILIARY.has(token.lower) || hasContent()) open('filter');
    } else if (token.lower === 'and' || token.lower === 'or' || token.afterComma) {
      if (hasContent() && current.role !== 'filter') open(current.role, null, current.ranks);
      if (token.lower !== 'and' && token.lower !== 'or') current.tokens.push(index);
    } else current.tokens.push(index);
  }
  open('filter');
  const withAverage = average
    ? items.map((item) =>
        item.role === 'subject' || item.role === 'measure'
          ? { ...item, role: 'measure' as const, aggregate: 'AVG' as const }
          : item,
      )
    : items;
  return {
    items: withAverage,
    asksForRows,
    distinct: /\b(?:distinct|unique|different)\b/.test(question.text),
  };
}

function aggregateCues(question: QuestionText): { span: Span; aggregate: Aggregate; from: number }[] {
  const cues: { span: Span; aggregate: Aggregate; from: number }[] = [];
  for (const [pattern, aggregate] of AGGREGATES) {
    for (const match of question.text.matchAll(pattern)) {
      const span = question.span(match.index, match[0].length);
      // "how many … in total": said once already.
      const repeats = cues.length > 0 && question.text.slice(0, match.index).endsWith(' in ');
      if (!repeats && !cues.some((other) => span.start < other.span.end && other.span.start < span.end))
        cues.push({ span, aggregate, from: match.index });
    }
  }
  return cues;
}

const indexes = (span: Span): number[] =>
  Array.from({ length: span.end - span.start }, (_, offset) => span.start + offset);
