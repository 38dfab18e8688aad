import { nearestName, OptimizerError } from '../core/index.ts';
import { isName, lexSql, nameText, significantTokens, type Token } from './lexer.ts';
import { tableChains } from './lexical-tables.ts';

/** Values of `${…}` placeholders by name. */
export type TemplateVariables = Readonly<Record<string, string>>;

const TEMPLATE = /\$\{\s*([^}]*?)\s*\}/g;
/** `${schema}` appears in files people wrote and means the gold schema. @see spec/evaluation.md §7.2 */
const SCHEMA_ALIAS = { schema: 'gold_schema' } as const;

/** A statement uses a `${variable}` that has no value; the message names it and the known ones. */
export class UnresolvedTemplateError extends OptimizerError {
  constructor(variable: string, known: readonly string[]) {
    const nearest = nearestName(variable, known);
    const hint = nearest === null ? '' : ` Did you mean \${${nearest}}?`;
    super(
      `SQL template variable \${${variable}} has no value.${hint} Known variables: ${known.length === 0 ? 'none' : known.join(', ')}. Add it to the variables, or write the name out.`,
      { code: 'UNRESOLVED_TEMPLATE', details: { variable, known } },
    );
  }
}

/** Names of the placeholders a statement uses, in order of first use; `schema` is reported as written. */
export const templateVariables = (sql: string): string[] => [
  ...new Set([...sql.matchAll(TEMPLATE)].map((match) => match[1] ?? '')),
];

/**
 * Puts values in place of `${catalog}`, `${gold_schema}` and any other variable, in literals too.
 *
 * `${schema}` means `gold_schema` unless `schema` itself has a value.
 * @throws {UnresolvedTemplateError} when a used variable is missing or empty
 */
export function resolveSql(sql: string, variables: TemplateVariables): string {
  return sql.replace(TEMPLATE, (_match, variable: string) => {
    const value =
      valueOf(variable, variables) ??
      (variable === 'schema' ? valueOf(SCHEMA_ALIAS.schema, variables) : null);
    if (value === null) throw new UnresolvedTemplateError(variable, Object.keys(variables));
    return value;
  });
}

function valueOf(variable: string, variables: TemplateVariables): string | null {
  const value = Object.hasOwn(variables, variable) ? variables[variable] : undefined;
  return value === undefined || value === '' ? null : value;
}

/**
 * The inverse of {@link resolveSql}: catalog and schema names become `${…}` again.
 *
 * Only whole name parts in front of a table name are replaced, and the same prefixes of columns;
 * literals, comments, aliases and longer names (`gold` in `gold_sales`) stay.
 */
export function templatizeSql(sql: string, variables: TemplateVariables): string {
  const tokens = significantTokens(lexSql(sql));
  const chains = tableChains(tokens);
  const prefixes = new Set(chains.map((chain) => chain.slice(0, -1).map(nameText).join('.')));
  prefixes.delete('');
  const replacements = [...chains, ...columnChains(tokens, chains, prefixes)].flatMap((chain) =>
    chainReplacements(chain, variables),
  );
  return replacements
    .sort((a, b) => b.token.start - a.token.start)
    .reduce((text, { token, variable }) => {
      const placeholder = token.kind === 'quoted' ? `\`\${${variable}}\`` : `\${${variable}}`;
      return text.slice(0, token.start) + placeholder + text.slice(token.end);
    }, sql);
}

interface Replacement {
  readonly token: Token;
  readonly variable: string;
}

/** `chain` ends with the object name, which is never replaced. */
function chainReplacements(chain: readonly Token[], variables: TemplateVariables): Replacement[] {
  const prefix = chain.slice(0, -1);
  return prefix.flatMap((token, index) => {
    const matching = Object.entries(variables)
      .filter(([, value]) => value !== '' && value.toLowerCase() === nameText(token))
      .map(([variable]) => variable);
    const isCatalog = prefix.length === 2 && index === 0;
    const variable = matching.find((name) => /catalog/i.test(name) === isCatalog) ?? matching[0];
    return variable === undefined || token.kind === 'template' ? [] : [{ token, variable }];
  });
}

/** Name chains like `catalog.schema.table.column` whose prefix is that of a table in use. */
function columnChains(
  tokens: readonly Token[],
  tables: readonly (readonly Token[])[],
  prefixes: ReadonlySet<string>,
): Token[][] {
  const taken = new Set(tables.flat());
  const chains: Token[][] = [];
  for (const [index, first] of tokens.entries()) {
    if (!isName(first) || taken.has(first) || tokens[index - 1]?.text === '.') continue;
    const chain = [first];
    for (let next = index + 1; tokens[next]?.text === '.' && isName(tokens[next + 1]); next += 2) {
      const part = tokens[next + 1];
      if (part !== undefined) chain.push(part);
    }
    for (let length = chain.length - 2; length >= 1; length--) {
      if (!prefixes.has(chain.slice(0, length).map(nameText).join('.'))) continue;
      chains.push(chain.slice(0, length + 1));
      break;
    }
  }
  return chains;
}
