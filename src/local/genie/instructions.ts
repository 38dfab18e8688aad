import { nameKey } from '../../core/index.ts';
import { instructionText, type Space } from '../../spaces/index.ts';
import type { Asset } from './model.ts';
import { aggregateIn, predicateIn } from './predicate-in-text.ts';
import type { Schema } from './schema.ts';
import { isPredicate, readFragment, type Fragment } from './sql-fragment.ts';
import { superlativeIn, type SuperlativeRule } from './superlatives.ts';
import { contentStems, isContentWord, stem, wordsOf } from './tokens.ts';

/** A business term that an instruction explains. */
export interface TermRule {
  readonly phrase: string;
  readonly meaning:
    | { readonly kind: 'predicate' | 'measure' | 'expression'; readonly fragment: Fragment }
    /** Other words to look for in its place. */
    | { readonly kind: 'words'; readonly text: string };
  readonly sentence: string;
}

/** A condition for every query on its tables, or only for questions with the words in `topic`. */
export interface DefaultRule {
  readonly fragment: Fragment;
  readonly topic: readonly string[];
  readonly sentence: string;
}

/** "For X use A, not B": words of the topic speak for one asset and against another. */
export interface RoutingRule {
  readonly topic: readonly string[];
  readonly asset: Asset;
  readonly prefer: boolean;
  readonly sentence: string;
}

export interface InstructionRules {
  readonly terms: readonly TermRule[];
  readonly defaults: readonly DefaultRule[];
  readonly routing: readonly RoutingRule[];
  readonly superlatives: readonly SuperlativeRule[];
  /** Columns that a sentence about dates names, with that sentence's other words. */
  readonly dates: readonly {
    readonly fragment: Fragment;
    readonly topic: readonly string[];
    readonly sentence: string;
  }[];
}

/** Reads the text instructions of a space. Sentences it cannot use are ignored, as Genie ignores them. */
export function instructionRules(space: Space, schema: Schema): InstructionRules {
  const rules = {
    terms: [] as TermRule[],
    defaults: [] as DefaultRule[],
    routing: [] as RoutingRule[],
    superlatives: [] as SuperlativeRule[],
    dates: [] as InstructionRules['dates'][number][],
  };
  for (const sentence of sentencesOf(instructionText(space))) {
    const superlative = superlativeRule(sentence, schema, rules.superlatives.length);
    if (superlative !== null) {
      rules.superlatives.push(superlative.rule);
      if (superlative.term !== null) rules.terms.push(superlative.term);
      rules.routing.push(...routingRules(sentence, schema));
      continue;
    }
    const fallback = defaultRule(sentence, schema);
    const term = termRule(sentence, schema);
    if (fallback !== null) rules.defaults.push(fallback);
    else if (term !== null) rules.terms.push(term);
    else {
      const date = dateRule(sentence, schema);
      if (date !== null) rules.dates.push(date);
    }
    if (term === null) rules.routing.push(...routingRules(sentence, schema));
  }
  return rules;
}

/** A measure that is SQL or a qualified name is filed under a label that no question contains by chance. */
function superlativeRule(
  sentence: string,
  schema: Schema,
  position: number,
): { rule: SuperlativeRule; term: TermRule | null } | null {
  const found = superlativeIn(sentence);
  if (found === null) return null;
  const meaning = /[_.(`]/.test(found.measure) ? meaningOf(found.measure, schema, 'sql') : null;
  if (meaning === null || meaning.kind === 'predicate') return { rule: { ...found, sentence }, term: null };
  const label = `yardstick${position + 1}`;
  return { rule: { ...found, measure: label, sentence }, term: { phrase: label, meaning, sentence } };
}

/** Lines and sentences; a dot inside a name, a number or a SQL text ends nothing. */
export function sentencesOf(text: string): string[] {
  const quoted: string[] = [];
  const masked = text.replaceAll(/(?<![A-Za-z])'[^'\n]*'/g, (literal) => `'${quoted.push(literal) - 1}'`);
  return masked
    .split(/\n+|(?<=[.;!?])\s+(?=["'“`*-]?[A-Z])/)
    .map((sentence) => sentence.replace(/^[\s*#•-]+|^\s*\d+[.)]\s+/, '').replace(/[\s.;!]+$/, ''))
    .filter((sentence) => sentence !== '')
    .map((sentence) => sentence.replaceAll(/'(\d+)'/g, (_, at: string) => quoted[Number(at)] ?? ''));
}

const DEFAULT_CUE =
  /\b(?:always|by default|default|unless (?:\w+ )*(?:otherwise|asked|stated|specified)|in (?:all|every) (?:quer|question)\w*|every query|all queries|never (?:include|count)|must)\b/i;

function defaultRule(sentence: string, schema: Schema): DefaultRule | null {
  if (!DEFAULT_CUE.test(sentence)) return null;
  const found = predicateIn(sentence, schema);
  if (found === null) return null;
  const negative = /\b(?:exclud\w*|ignor\w*|never (?:include|count)|leave out|omit\w*|remov\w*)\b/i.test(
    sentence.slice(0, found.at),
  );
  const fragment = negative ? { ...found.fragment, sql: `NOT (${found.fragment.sql})` } : found.fragment;
  const topic =
    TOPIC.exec(sentence.slice(0, found.at)) ?? LATER_TOPIC.exec(sentence.slice(found.at + found.length));
  return { fragment, topic: topic === null ? [] : contentStems(topic[1] ?? ''), sentence };
}

const TOPIC =
  /\b(?:when|for|about|if)\s+(?:asked |questions? |users? |asking |someone asks )*(?:about |on |for )?(.+?)(?:,|$)/i;
/** Behind the condition a topic is named as one; "when …" alone may be a reason. */
const LATER_TOPIC =
  /^[\s,]*(?:when|if|for)\s+(?:asked |questions? |users? ask |asking |someone asks )+(?:about |on |for )?(.+?)(?:,|$)/i;

/** `phrase` and `meaning` are named groups; `adjective` stands before the phrase when both are said. */
const TERM_PATTERNS: readonly { readonly pattern: RegExp; readonly allows: 'all' | 'sql' | 'words' }[] = [
  {
    pattern:
      /^(?:when|if|whenever)\s+(?:\w+\s+){0,3}?(?:says?|said|ask(?:s|ed|ing)?|mention(?:s|ed)?|refer(?:s|red)?|talks?)\s+(?:about|for|to|the (?:term|word))?\s*(?<phrase>.+?),\s*(?:they mean|this means|it means|always\s+)?(?:use|filter(?: by| on| for)?|apply|compute|calculate)?\s*(?<meaning>.+)$/i,
    allows: 'sql',
  },
  {
    pattern:
      /^(?:an?\s+|the\s+|all\s+)?(?<phrase>\w+)\s+(?:is|are|counts? as)\s+(?:considered |called |regarded as |an? )?(?<adjective>[\w-]+(?: [\w-]+)?)\s+(?:when|if|where|once|only if|only when)\s+(?<meaning>.+)$/i,
    allows: 'sql',
  },
  {
    pattern:
      /^(?:the\s+)?(?:term|word|phrase)?\s*(?<phrase>.+?)\s+(?:means?|is defined as|are defined as|is calculated as|are calculated as|is computed as|is measured (?:by|as)|refers? to|stands? for|is the same as|are those with|are rows where|is expressed as|=>|→)\s+(?<meaning>.+)$/i,
    allows: 'words',
  },
  {
    pattern:
      /^(?:for|to (?:compute|calculate|get))\s+(?<phrase>.+?),?\s+(?:use|apply|filter(?: by| on)?|compute|calculate)\s+(?<meaning>.+)$/i,
    allows: 'all',
  },
  {
    pattern:
      /^use\s+(?<meaning>.+?)\s+(?:for|to (?:compute|calculate|answer)|when asked (?:about|for))\s+(?<phrase>.+)$/i,
    allows: 'all',
  },
  { pattern: /^(?:the\s+)?(?<phrase>[^:=()]{2,60}?)\s*[:=]\s+(?<meaning>.+)$/, allows: 'all' },
  {
    pattern:
      /^(?:an?\s+|the\s+)?(?<phrase>.+?)\s+(?:is|are|have|has|counts? as|must have|includes?)\s+(?<meaning>.+)$/i,
    allows: 'sql',
  },
];

function termRule(sentence: string, schema: Schema): TermRule | null {
  for (const { pattern, allows } of TERM_PATTERNS) {
    const groups = pattern.exec(sentence)?.groups;
    if (groups === undefined) continue;
    const noun = (groups['phrase'] ?? '')
      .replaceAll(/["“”'`*]/g, '')
      .replace(/^(?:questions? about|asked (?:about|for)|an?|the)\s+/i, '')
      .trim();
    const adjective = groups['adjective'];
    const phrase = adjective === undefined ? noun : adjective;
    const isAsset = adjective === undefined && schema.asset(noun.replaceAll(' ', '_')) !== undefined;
    if (isAsset || contentStems(phrase).length === 0 || phrase.split(/\s+/).length > 6) continue;
    const meaning = meaningOf(groups['meaning'] ?? '', schema, allows);
    if (meaning !== null) return { phrase, meaning, sentence };
  }
  return null;
}

function meaningOf(
  text: string,
  schema: Schema,
  allows: 'all' | 'sql' | 'words',
): TermRule['meaning'] | null {
  const quoted = /^[^`]*?`([^`]*[^`\w.][^`]*)`[^`]*$/.exec(text)?.[1];
  const definition = (quoted ?? text)
    .replace(/^(?:the |rows where |where |column |field |measure |filter (?:by|on) |that )+/i, '')
    .trim();
  const aggregate = aggregateIn(definition, schema);
  if (aggregate !== null) return { kind: 'measure', fragment: aggregate };
  if (isPredicate(definition)) {
    const found = predicateIn(definition, schema);
    if (found !== null) return { kind: 'predicate', fragment: found.fragment };
  }
  const name = /^[\w.`]+/.exec(definition)?.[0] ?? '';
  const arithmetic = /^[\w.`\s()+*/,'-]+$/.test(definition) && /[*/+]|\w\s*\(/.test(definition);
  const rest = definition.slice(name.length).trim();
  if (
    arithmetic ||
    (isKnownColumn(name, schema) && !/^\w+/.test(rest.replace(/^(?:column|field|in|of|from|on)\b.*$/i, '')))
  ) {
    const fragment = readFragment(arithmetic ? definition : name, schema);
    if (fragment.nodes.length > 0) return { kind: 'expression', fragment };
  }
  const isAsset = schema.asset(name) !== undefined;
  return allows === 'words' &&
    !isAsset &&
    contentStems(definition).length > 0 &&
    contentStems(definition).length <= 4
    ? { kind: 'words', text: definition }
    : null;
}

const isKnownColumn = (name: string, schema: Schema): boolean =>
  name !== '' && readFragment(name, schema).nodes.length > 0;

function dateRule(sentence: string, schema: Schema): InstructionRules['dates'][number] | null {
  if (!/\b(?:dates?|time|periods?|years?|months?|quarters?|when|temporal|recency)\b/i.test(sentence))
    return null;
  for (const word of sentence.matchAll(/[\w`]+(?:\.[\w`]+)*/g)) {
    const fragment = readFragment(word[0], schema);
    const node = fragment.nodes[0];
    const asset = node === undefined ? undefined : schema.nodes.get(node);
    const column =
      asset === undefined
        ? undefined
        : schema.column(asset, word[0].replaceAll('`', '').split('.').at(-1) ?? '');
    if (column?.kind !== 'date') continue;
    return {
      fragment,
      topic: contentStems(sentence.replace(word[0], ' ')).filter((item) => item !== 'us'),
      sentence,
    };
  }
  return null;
}

const NEGATIVE_CLAUSE = /\b(?:do not|don't|does not|never|not|avoid|instead of|rather than|except)\b/i;

function routingRules(sentence: string, schema: Schema): RoutingRule[] {
  const rules: RoutingRule[] = [];
  const mentioned: string[] = [];
  let polarity = true;
  for (const piece of sentence.split(
    /(\b(?:do not|don't|never|avoid|not|instead of|rather than)\b|[;:]|\bbut\b|\buse\b|\bprefer\b|\bquery\b)/i,
  )) {
    if (NEGATIVE_CLAUSE.test(piece)) polarity = false;
    else if (/^(?:;|but|prefer)$/i.test(piece.trim())) polarity = true;
    for (const word of piece.matchAll(/[\w`]+(?:\.[\w`]+)*/g)) {
      const asset = schema.asset(word[0]);
      if (
        asset === undefined ||
        (!/[_.\d]/.test(word[0]) &&
          !word[0].startsWith('`') &&
          !/\b(?:use|prefer|query|choose|avoid|from|table|view|function)\b/i.test(sentence))
      )
        continue;
      mentioned.push(word[0]);
      if (!rules.some((rule) => nameKey(rule.asset.name) === nameKey(asset.name)))
        rules.push({ topic: [], asset, prefer: polarity, sentence });
    }
  }
  if (
    rules.length === 0 ||
    !/\b(?:use|prefer|query|choose|avoid|go to|answer|only|never|route|belongs?)\b/i.test(sentence)
  )
    return [];
  const names = new Set(mentioned.flatMap(wordsOf).map(stem));
  const topic = wordsOf(sentence)
    .filter((word) => isContentWord(word) && !ROUTING_WORDS.has(word))
    .map(stem)
    .filter((word) => !names.has(word));
  return rules.map((rule) => ({ ...rule, topic: [...new Set(topic)] }));
}

const ROUTING_WORDS = new Set(
  'use prefer query choose avoid asked ask asking question questions table view function metric instead rather always route only users user'.split(
    ' ',
  ),
);
