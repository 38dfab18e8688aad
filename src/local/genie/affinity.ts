import type { Knowledge } from './knowledge.ts';
import { scoreTargets } from './links.ts';
import type { Asset } from './model.ts';
import type { Reading } from './reading.ts';
import type { Scope } from './scope.ts';
import { contentStems, isContentWord, stem, wordsOf } from './tokens.ts';
import { NUMBER_WORDS, STOP_WORDS } from './words.ts';

/**
 * How much the question speaks for an asset as a whole: its name, the words of its texts, BEST FOR and NOT FOR,
 * and the routing sentences of the instructions.
 *
 * @param nameCounted - the name was already counted as the thing that is counted
 * @param grouped - indexes of words that were already counted as something to group by
 */
export function affinity(
  asset: Asset,
  scope: Scope,
  knowledge: Knowledge,
  reading: Reading,
  nameCounted: boolean,
  grouped: readonly number[] = [],
): number {
  const all = reading.tokens
    .map((token) => token.index)
    .filter(
      (index) =>
        !grouped.includes(index) &&
        !reading.values.some(
          (value) => value.source !== 'typed' && index >= value.start && index < value.end,
        ),
    );
  const linked = scoreTargets(reading.links, reading.tokens, all);
  const named = reading.links.phrases.some(
    (link) =>
      link.target.kind === 'asset' &&
      link.target.asset === asset &&
      !grouped.some((index) => index >= link.start && index < link.end),
  );
  const own = linked.get(`asset:${asset.alias}`)?.score ?? 0;
  const isGroup = reading.links.phrases.some(
    (link) => link.target.kind === 'asset' && link.target.asset === asset && grouped.includes(link.start),
  );
  const weak =
    isGroup && !named
      ? GROUPED_NAME + Math.min(0.5, own)
      : named
        ? 1 + Math.min(1, own)
        : Math.min(MOST_OF_TEXT, own);
  const others = knowledge.schema.assets.reduce((sum, other) => {
    const link =
      other === asset
        ? undefined
        : reading.links.phrases.find(
            (phrase) => phrase.target.kind === 'asset' && phrase.target.asset === other,
          );
    return link === undefined || asset.kind !== 'table' || other.kind !== 'table'
      ? sum
      : sum + 0.3 * scope.reach(other);
  }, 0);
  return (
    (nameCounted ? 0 : weak) + others + sectionScore(asset, reading) + routingScore(asset, knowledge, reading)
  );
}

const MOST_OF_TEXT = 1.6;
/** What is grouped by may be the table asked about, but another table may as well hold the figure. */
const GROUPED_NAME = 0.4;

/** BEST FOR speaks for an asset, NOT FOR against it: both by likeness to the question. */
function sectionScore(asset: Asset, reading: Reading): number {
  const best = Math.max(0, ...asset.sections.bestFor.map((phrase) => likeness(phrase, reading)));
  const worst = Math.max(0, ...asset.sections.notFor.map((phrase) => likeness(phrase, reading)));
  if (worst >= 0.5 && worst >= best) return -6 * worst;
  return 7 * best * best * (best >= 0.5 ? 1 : 0.3) - (worst >= 0.5 ? 3 * worst : 0);
}

/** Share of meaningful words that a phrase and the question have in common, 0–1; a short phrase counts when contained. */
export function likeness(phrase: string, reading: Reading): number {
  const words = contentStems(phrase).filter((word) => !/^\d+$/.test(word));
  if (words.length === 0) return 0;
  const common = words.filter((word) => reading.stems.has(word)).length;
  const question = [...reading.stems].filter((word) => !/^\d+$/.test(word)).length;
  const contained = common / words.length;
  return words.length < 3
    ? saidOf(phrase, reading) * 0.85
    : Math.max(common / (words.length + question - common), contained === 1 ? 0.9 : contained * 0.75);
}

/** A short phrase lives by its general words too: "ranking of things" is not said by every question about things. */
function saidOf(phrase: string, reading: Reading): number {
  const said = new Set(reading.tokens.map((token) => token.stem));
  const hasPeriod = reading.time.periods.length > 0;
  const words = [...new Set(wordsOf(phrase))].filter(
    (word) => !STOP_WORDS.has(word) && !/^\d+$/.test(word) && NUMBER_WORDS[word] === undefined,
  );
  const isSaid = (word: string): boolean =>
    said.has(stem(word)) || (hasPeriod && /^(?:dates?|periods?|time|range)$/.test(word));
  const weight = (word: string): number => (isContentWord(word) ? 1 : GENERAL_WORD);
  const all = words.reduce((sum, word) => sum + weight(word), 0);
  return words.filter(isSaid).reduce((sum, word) => sum + weight(word), 0) / all;
}

const GENERAL_WORD = 0.7;

/** So much of a topic must be said for its routing to hold. */
const TOPIC_SHARE = 0.6;

/** Sentences "for X use A, not B": the share of X that the question says, for A and against B. */
function routingScore(asset: Asset, knowledge: Knowledge, reading: Reading): number {
  return knowledge.rules.routing.reduce((sum, rule) => {
    if (rule.asset !== asset) return sum;
    if (rule.topic.length === 0) return sum + (rule.prefer ? 1 : -1);
    const share = rule.topic.filter((word) => reading.stems.has(word)).length / rule.topic.length;
    const weight = share >= TOPIC_SHARE ? 5 * share : 0;
    return sum + (rule.prefer ? weight : -weight);
  }, 0);
}
