import { nameParts } from '../../core/index.ts';
import type { Space, SqlSnippet } from '../../spaces/index.ts';
import { textOf } from '../../spaces/index.ts';
import type { InstructionRules } from './instructions.ts';
import { columnKey, type Asset, type AssetColumn } from './model.ts';
import type { Schema } from './schema.ts';
import { readFragment, type Fragment } from './sql-fragment.ts';
import { contentStems, slug } from './tokens.ts';

/** What words of a question can stand for. `id` is unique within a space. */
export type Target =
  | { readonly kind: 'column'; readonly id: string; readonly asset: Asset; readonly column: AssetColumn }
  | { readonly kind: 'asset'; readonly id: string; readonly asset: Asset }
  | {
      readonly kind: 'measure' | 'expression' | 'filter';
      readonly id: string;
      readonly label: string;
      readonly alias: string;
      readonly fragment: Fragment;
      readonly phrases: readonly string[];
      /** Stems of the meaningful words of each phrase. */
      readonly phraseStems: readonly (readonly string[])[];
      readonly text: string;
      /** Applies without being mentioned. */
      readonly byDefault: boolean;
      readonly origin: 'snippet' | 'instruction';
    };

export type SnippetTarget = Extract<Target, { label: string }>;

/** Every target of a space, in canonical order: assets, columns, snippets, terms of instructions. */
export function targetsOf(space: Space, schema: Schema, rules: InstructionRules): Target[] {
  const targets: Target[] = [];
  for (const asset of schema.assets) {
    targets.push({ kind: 'asset', id: `asset:${asset.alias}`, asset });
    if (asset.kind === 'function') continue;
    for (const column of asset.columns)
      targets.push({ kind: 'column', id: `column:${columnKey(column)}`, asset, column });
  }
  const snippets = space.instructions?.sql_snippets;
  targets.push(...(snippets?.measures ?? []).map((snippet) => snippetTarget('measure', snippet, schema)));
  targets.push(
    ...(snippets?.expressions ?? []).map((snippet) => snippetTarget('expression', snippet, schema)),
  );
  targets.push(...(snippets?.filters ?? []).map((snippet) => snippetTarget('filter', snippet, schema)));
  for (const [position, term] of rules.terms.entries()) {
    if (term.meaning.kind === 'words' || namedColumn(term.meaning.fragment.sql, schema) !== null) continue;
    targets.push({
      kind: term.meaning.kind === 'predicate' ? 'filter' : term.meaning.kind,
      id: `term:${position}`,
      label: term.phrase,
      alias: slug(term.phrase),
      fragment: term.meaning.fragment,
      ...withStems([term.phrase, ...term.phrase.split(/\s*(?:,|\/|\bor\b)\s*/)]),
      text: term.sentence,
      byDefault: false,
      origin: 'instruction',
    });
  }
  for (const [position, rule] of rules.defaults.entries()) {
    if (rule.topic.length > 0) continue;
    targets.push({
      kind: 'filter',
      id: `default:${position}`,
      label: rule.sentence,
      alias: '',
      fragment: rule.fragment,
      ...withStems([]),
      text: rule.sentence,
      byDefault: true,
      origin: 'instruction',
    });
  }
  return targets;
}

/** The column, when a definition is nothing but one: then the term is another name for it. */
export function namedColumn(sql: string, schema: Schema): AssetColumn | null {
  const parts = nameParts(sql);
  if (parts.length !== 2 || !/^[\w`.]+$/.test(sql)) return null;
  const asset = schema.nodes.get((parts[0] ?? '').toLowerCase());
  return asset === undefined ? null : (schema.column(asset, parts[1] ?? '') ?? null);
}

function withStems(phrases: readonly string[]): Pick<SnippetTarget, 'phrases' | 'phraseStems'> {
  const said = phrases.filter((phrase) => phrase !== '');
  return { phrases: said, phraseStems: said.map(contentStems) };
}

function snippetTarget(kind: SnippetTarget['kind'], snippet: SqlSnippet, schema: Schema): Target {
  const name = snippet.display_name ?? snippet.alias ?? '';
  const notes = `${textOf(snippet.instruction)}\n${textOf(snippet.comment)}`.trim();
  return {
    kind,
    id: `snippet:${snippet.id}`,
    label: name,
    alias: snippet.alias ?? slug(name),
    fragment: readFragment(textOf(snippet.sql), schema),
    ...withStems([
      name,
      ...(snippet.alias === undefined ? [] : [snippet.alias]),
      ...(snippet.synonyms ?? []),
    ]),
    text: notes,
    byDefault:
      kind === 'filter' &&
      /\b(?:always|by default|default|every query|all queries|unless)\b/i.test(`${name}\n${notes}`),
    origin: 'snippet',
  };
}
