import { nameParts, quoteIdentifier } from '../core/index.ts';
import type { Asset, AssetColumn, ColumnRole } from './asset-inventory.ts';
import type { AssetKind, Category } from './benchmark.ts';

/** A question with SQL that may answer it; nobody has run it yet. */
export interface QuestionDraft {
  readonly question: string;
  readonly expected_sql: string;
  readonly expected_asset: AssetKind;
  readonly category: string;
  /** Full names of the assets it asks about. */
  readonly assets: readonly string[];
  /** Id of the question it says in other words. */
  readonly variant_of?: string | undefined;
}

/** Values that occur in the data: `min` and `max` of dates, some values of labels. */
export interface ColumnValues {
  readonly min: string | null;
  readonly max: string | null;
  readonly values: readonly string[];
  /** How many different values there are. */
  readonly distinct: number;
}

/** Looks up values of a column; `null` when they are not known. */
export type ValuesOf = (asset: string, column: string) => ColumnValues | null;

/** Makes a draft about one asset; `more` names further assets it reads. */
export type Make = (
  category: Category,
  question: string,
  sql: string,
  more?: readonly string[],
) => QuestionDraft;

export const draftsFor =
  (asset: Asset): Make =>
  (category, question, sql, more = []) => ({
    question,
    expected_sql: sql,
    expected_asset: asset.kind,
    category,
    assets: [asset.name, ...more],
  });

/** A name as it is written in SQL: in backticks only where it must be. */
export const identifier = (name: string): string =>
  /^[a-z_]\w*$/i.test(name) ? name : quoteIdentifier(name);
export const fullName = (name: string): string => nameParts(name).map(identifier).join('.');
export const withRole = (asset: Asset, role: ColumnRole): readonly AssetColumn[] =>
  asset.columns.filter((column) => column.role === role);
/** Words as the name of a result column. */
export const asName = (...words: readonly string[]): string =>
  words.join('_').toLowerCase().replaceAll(/\W+/g, '_');
