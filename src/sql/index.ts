export * from './facts.ts';
export { lexSql, significantTokens, stringValue, type Token, type TokenKind } from './lexer.ts';
export { sanitizeSql, splitStatements, type SanitizedSql, type SanitizeResult } from './statements.ts';
export {
  resolveSql,
  templateVariables,
  templatizeSql,
  UnresolvedTemplateError,
  type TemplateVariables,
} from './templates.ts';
export { checkReadOnly, READ_ONLY_KEYWORDS, type ReadOnlyCheck } from './read-only.ts';
export { canonicalText } from './canonical-text.ts';
export { lexicalFacts } from './lexical-facts.ts';
export { analyzeSql, type AnalyzeOptions, type SqlFactsCache } from './analyze.ts';
export { canonicalSql, type CanonicalLevel, type CanonicalSql } from './canonical.ts';
export type { KnownTable } from './model.ts';
export { PARSE_LIMITS } from './parse-guard.ts';
export {
  generateSql,
  parseSql,
  type GenerateOutcome,
  type ParseOutcome,
  type SqlDialect,
} from './polyglot.ts';
export type { SqlTree } from './tree.ts';
