import { shortName } from '../../../core/index.ts';
import type { ScanContext } from '../check.ts';
import type { Statement } from './statements.ts';

/** What a sentence tells Genie to do with an asset. */
export interface AssetRule {
  readonly asset: string;
  readonly says: 'use' | 'avoid';
  /** Says when: `for refunds`, `when …`; a rule without is meant for every question. */
  readonly isConditional: boolean;
  readonly statement: Statement;
}

const AVOID =
  /\b(?:do not|don['’]t|never|must not|should not|avoid|not)\s+(?:\w+\s+){0,2}?(?:use|query|using|querying|join|read)?\b/i;
const USE = /\b(?:use|prefer|query|route|choose|go to|take|answer(?:ed)? from|read from)\b/i;
const CONDITION = /\b(?:for|when|if|unless|only|except|instead|rather|where|whenever|other than|cannot)\b/i;

/** Rules of one sentence about the assets it names; clauses are read one by one, so `use a, not b` gives two. */
export function assetRulesOf(statement: Statement, assets: readonly string[]): AssetRule[] {
  const isConditional = CONDITION.test(statement.text);
  return clausesOf(statement.text).flatMap((clause) => {
    const says = AVOID.test(clause) ? 'avoid' : USE.test(clause) ? 'use' : null;
    if (says === null) return [];
    return assets
      .filter((asset) => names(clause, asset))
      .map((asset): AssetRule => ({ asset, says, isConditional, statement }));
  });
}

const clausesOf = (text: string): string[] => text.split(/[,;:()]|\bbut\b|\band\b|\binstead of\b/i);

const names = (text: string, asset: string): boolean => {
  const short = shortName(asset);
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}_]+/u)
    .includes(short);
};

/** Full names of what a question can be routed to: tables, views and functions of the space. */
export const routableAssets = ({ schema, tables }: ScanContext): string[] => [
  ...tables.map(({ name }) => name),
  ...[...schema.functions.values()].filter(({ inSpace }) => inSpace).map(({ name }) => name),
];
