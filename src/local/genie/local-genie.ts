import type { LocalGenieAnswer, LocalGenieEngine, LocalGenieInput, ValueLookup } from '../genie-engine.ts';
import type { CatalogSnapshot } from '../../ports/index.ts';
import type { Space } from '../../spaces/index.ts';
import { draftFor, type Draft } from './draft.ts';
import { matchExample } from './examples.ts';
import { callFor, type FunctionCall } from './functions.ts';
import { learn, type Knowledge } from './knowledge.ts';
import { diceOf } from './near-tie.ts';
import { readQuestion, type Reading } from './reading.ts';
import { writeStatement } from './statement.ts';

export interface LocalGenieOptions {
  /** Below this evidence the engine asks back. One surely linked name is worth about 2. */
  readonly floor?: number;
}

export const LOCAL_GENIE_DEFAULTS = { floor: 0.6 } as const;

/**
 * A simulator of Genie: links a question to the configuration of the space and the catalog's metadata, and to nothing else.
 *
 * Deterministic at `variance` 0. Its accuracy says nothing about the accuracy of the real service.
 * @see spec/local-workspace.md §3
 */
export function localGenie(options: LocalGenieOptions = {}): LocalGenieEngine {
  const floor = options.floor ?? LOCAL_GENIE_DEFAULTS.floor;
  const learned = new WeakMap<Space, { readonly catalog: CatalogSnapshot; readonly knowledge: Knowledge }>();
  const knowledgeOf = (space: Space, catalog: CatalogSnapshot): Knowledge => {
    const known = learned.get(space);
    if (known?.catalog === catalog) return known.knowledge;
    const knowledge = learn(space, catalog);
    learned.set(space, { catalog, knowledge });
    return knowledge;
  };
  return {
    async answer(input) {
      input.signal?.throwIfAborted();
      return answerFrom(knowledgeOf(input.space, input.catalog), input, floor);
    },
  };
}

async function answerFrom(
  knowledge: Knowledge,
  input: LocalGenieInput,
  floor: number,
): Promise<LocalGenieAnswer> {
  const values = remembering(input.values);
  const dice = diceOf(input.variance, input.random);
  const reading = await readQuestion(input.question, knowledge, input.today, values);
  const example = await matchExample(reading.tokens, knowledge, values);
  if (example !== null) {
    return {
      sql: example.sql,
      text: null,
      thoughts: [
        thought('INSTRUCTIONS', `Example "${example.question}" asks the same.`),
        thought('STEPS', 'Took its SQL and put in the values asked for.'),
      ],
    };
  }
  const candidates: (Draft | FunctionCall)[] = [];
  for (const asset of knowledge.schema.assets) {
    input.signal?.throwIfAborted();
    const candidate =
      asset.kind === 'function'
        ? callFor(asset, knowledge, reading)
        : await draftFor(asset, knowledge, reading, values, dice);
    if (candidate !== null) candidates.push(candidate);
  }
  const best = dice.choose(candidates, (candidate) => candidate.score);
  if (best === undefined || best.evidence < floor || reading.tokens.every((token) => !token.content))
    return clarification(knowledge, reading);
  if ('sql' in best) {
    return {
      sql: best.sql,
      text: null,
      thoughts: [
        understanding(reading),
        thought('DATA_SOURCING', `Function ${best.asset.name} fits the question.`),
        ...instructionThoughts(knowledge, [], best.asset.name),
        thought('STEPS', 'Called the function with the values asked for.'),
      ],
    };
  }
  const { sql, tables, rules } = writeStatement(best, knowledge, reading, dice);
  return {
    sql,
    text: null,
    thoughts: [
      understanding(reading),
      thought('DATA_SOURCING', `Tables: ${tables.join(', ')}`),
      ...instructionThoughts(knowledge, rules, best.scope.base.name),
      thought('STEPS', stepsOf(best)),
    ],
  };
}

const thought = (kind: string, content: string): { type: string; content: string } => ({
  type: `THOUGHT_TYPE_${kind}`,
  content,
});

const understanding = (reading: Reading): { type: string; content: string } =>
  thought(
    'UNDERSTANDING',
    reading.intent.items
      .map((item) => `${item.role}: ${item.tokens.map((index) => reading.tokens[index]?.text).join(' ')}`)
      .join('; '),
  );

/** The sentences and labels that shaped the answer; none, when it came from names alone. */
function instructionThoughts(
  knowledge: Knowledge,
  used: readonly string[],
  asset: string,
): { type: string; content: string }[] {
  const routing = knowledge.rules.routing
    .filter((rule) => rule.asset.name === asset && rule.prefer)
    .map((rule) => rule.sentence);
  const sentences = [...new Set([...used, ...routing])].filter((sentence) => sentence !== '');
  return sentences.length === 0 ? [] : [thought('INSTRUCTIONS', sentences.join('\n'))];
}

const stepsOf = (draft: Draft): string =>
  [
    draft.measures.length === 0
      ? `list ${draft.columns.map((piece) => piece.alias).join(', ')}`
      : `compute ${draft.measures.map((measure) => measure.piece.alias).join(', ')}`,
    ...(draft.groups.length === 0 ? [] : [`group by ${draft.groups.map((piece) => piece.alias).join(', ')}`]),
    ...(draft.where.length === 0 ? [] : [`keep ${draft.where.map((condition) => condition.why).join('; ')}`]),
    ...(draft.limit === null ? [] : [`keep the first ${draft.limit}`]),
  ].join(', then ');

function clarification(knowledge: Knowledge, reading: Reading): LocalGenieAnswer {
  const names = knowledge.schema.assets.slice(0, 5).map((asset) => asset.alias);
  const text =
    names.length === 0
      ? 'This space has no data that I can query. Could you add a table?'
      : `I could not connect your question to the data. Could you say which of these it is about: ${names.join(', ')}?`;
  return { sql: null, text, thoughts: [understanding(reading)] };
}

/** One question asks for the values of a column once. */
function remembering(values: ValueLookup): ValueLookup {
  const known = new Map<string, Promise<readonly string[]>>();
  return {
    distinct(table, column, limit) {
      const key = `${table}#${column}#${limit}`;
      const answer = known.get(key) ?? values.distinct(table, column, limit);
      known.set(key, answer);
      return answer;
    },
  };
}
