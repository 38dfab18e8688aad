import type { Asset, AssetColumn } from './model.ts';
import { wordsOf } from './tokens.ts';

/** The column people mean when they name the table: its name or title, else its first text, else its key. */
export function labelOf(asset: Asset): AssetColumn | null {
  const texts = asset.columns.filter((column) => column.kind === 'text');
  return (
    texts.find((column) =>
      /(?:^|_)(?:name|nm|title|label)$|[a-z](?:Name|Title|Label)$|^name$/.test(column.name),
    ) ??
    texts.find((column) => column.synonyms.some((synonym) => /\b(?:name|title|label)$/i.test(synonym))) ??
    texts.find((column) => /name|title|label/i.test(column.name)) ??
    texts.find((column) => /\b(?:name|title|label)\b/i.test(`${column.description} ${column.comment}`)) ??
    asset.columns.find((column) =>
      asset.primaryKey.some((key) => key.toLowerCase() === column.name.toLowerCase()),
    ) ??
    texts[0] ??
    asset.columns[0] ??
    null
  );
}

const CODE_WORDS = /^(?:code|no|nr|number|ref|reference|serial|tag|key|id|symbol)$/;
const ADDRESS_WORDS = /^(?:e?mail|contact|login)$/;

/** The text column that a typed code or address stands in: named like a code or an address, else the label. */
export function codeColumnOf(asset: Asset, code: string): AssetColumn | null {
  const wanted = code.includes('@') ? ADDRESS_WORDS : CODE_WORDS;
  const found = asset.columns.find(
    (column) =>
      column.kind === 'text' &&
      column.role !== 'measure' &&
      [column.name, ...column.synonyms].some((name) => wordsOf(name).some((word) => wanted.test(word))),
  );
  if (found !== undefined) return found;
  const label = labelOf(asset);
  return label?.kind === 'text' && label.role !== 'measure' ? label : null;
}

/** The one number that identifies a row. */
export const numberKeyOf = (asset: Asset): AssetColumn | null => {
  const [key, ...more] = asset.primaryKey;
  const column = asset.columns.find((candidate) => candidate.name.toLowerCase() === key?.toLowerCase());
  return more.length === 0 && column?.kind === 'number' ? column : null;
};
