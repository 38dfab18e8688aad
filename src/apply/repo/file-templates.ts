import { OptimizerError } from '../../core/index.ts';
import { templatizeSql, type TemplateVariables } from '../../sql/index.ts';

const PLACEHOLDER = /\$\{\s*([^}]*?)\s*\}/g;

/** Names joined by dots, each bare or in backticks; not the tail of a longer word, address or path. */
const NAME_CHAIN =
  /(?<![\p{L}\p{N}_$.@/\\`-])(?:`(?:[^`]|``)+`|[\p{L}_][\p{L}\p{N}_]*)(?:\.(?:`(?:[^`]|``)+`|[\p{L}_][\p{L}\p{N}_]*))+(?![-\p{L}\p{N}_])/gu;
const NAME_PART = /`(?:[^`]|``)+`|[^.`]+/gu;

interface Variable {
  /** Between the braces, as the file spells it. */
  readonly name: string;
  readonly value: string;
  readonly parts: readonly string[];
  readonly isCatalog: boolean;
}

/** A placeholder in a text: its range as written, and as resolved. */
interface Placed {
  readonly start: number;
  readonly end: number;
  readonly resolvedStart: number;
  readonly resolvedEnd: number;
}

/** A live text holds a placeholder literally, which whoever resolves the file would replace. */
export class LiteralPlaceholderError extends OptimizerError {
  constructor(placeholder: string) {
    super(
      `The text holds ${placeholder} literally, but in the file this is a variable. Write the name out in the patch.`,
      { code: 'LITERAL_PLACEHOLDER', details: { placeholder } },
    );
  }
}

/**
 * The placeholders of one file, both ways.
 *
 * Only variables that the file uses already are put in place of live names, in the spelling of the file
 * (`${schema}` for `gold_schema`, `${var.catalog}`): a file without placeholders gets none.
 * @see spec/patch-dsl.md §9
 */
export class FileTemplates {
  readonly #variables: readonly Variable[];
  readonly #valueOf: (name: string) => string | null;

  constructor(fileText: string, variables: TemplateVariables) {
    this.#valueOf = (name) => lookUp(name, variables);
    const names = new Set([...fileText.matchAll(PLACEHOLDER)].map((match) => match[1] ?? ''));
    this.#variables = [...names]
      .flatMap((name): Variable[] => {
        const value = this.#valueOf(name);
        const isCatalog = /catalog/i.test(name);
        return value === null ? [] : [{ name, value, parts: value.split('.'), isCatalog }];
      })
      .sort((a, b) => b.parts.length - a.parts.length || b.value.length - a.value.length);
  }

  /** Values in place of placeholders; one without a value stays. */
  resolve(text: string): string {
    return text.replace(PLACEHOLDER, (match, name: string) => this.#valueOf(name) ?? match);
  }

  /** As {@link resolve}, for every text within a value. */
  resolveValue(value: unknown): unknown {
    return mapTexts(value, (text) => this.resolve(text));
  }

  /**
   * A live text as the file writes it; resolving it gives the live text back.
   *
   * @param old - what the file holds in its place: what both have in common keeps the spelling of the file
   * @param kind - `sql` for whole statements, in which names of two parts are told from columns too
   * @throws {LiteralPlaceholderError}
   */
  write(live: string, old?: string, kind: 'text' | 'sql' = 'text'): string {
    const literal = [...live.matchAll(PLACEHOLDER)].find((match) => this.#valueOf(match[1] ?? '') !== null);
    if (literal !== undefined) throw new LiteralPlaceholderError(literal[0]);
    const next = this.#templatize(live, kind);
    return old === undefined ? next : this.#keepCommon(old, next);
  }

  /** As {@link write}, for every text within a value. */
  writeValue(value: unknown): unknown {
    return mapTexts(value, (text) => this.write(text));
  }

  #templatize(live: string, kind: 'text' | 'sql'): string {
    if (this.#variables.length === 0) return live;
    const byName = Object.fromEntries(this.#variables.map(({ name, value }) => [name, value]));
    const statement = kind === 'sql' ? templatizeSql(live, byName) : live;
    // It compares names without regard to case; a file must give back the very text.
    const start = this.resolve(statement) === live ? statement : live;
    return start.replace(NAME_CHAIN, (chain) => this.#templatizeChain(chain));
  }

  #templatizeChain(chain: string): string {
    const parts = [...chain.matchAll(NAME_PART)].map(([part]) => part);
    const first = this.#match(parts, 0, true);
    const at = first === null ? 1 : first.parts.length;
    const second = at < parts.length ? this.#match(parts, at, false) : null;
    const covered = (first?.parts.length ?? 0) + (second?.parts.length ?? 0);
    // Two words with a dot are a name only when both are known: `main.py` is none.
    if (parts.length < 3 && covered < parts.length) return chain;
    // Without a catalog in front, `a.sales.b` may be a column of an alias, unless the file spells catalogs out.
    const spellsCatalogsOut = this.#variables.every(
      ({ isCatalog, parts: value }) => !isCatalog && value.length === 1,
    );
    if (first === null && (second === null || parts.length !== 3 || !spellsCatalogsOut)) return chain;
    const written: string[] = first === null ? parts.slice(0, 1) : [placeholder(first, parts[0])];
    if (second !== null) written.push(placeholder(second, parts[at]));
    return [...written, ...parts.slice(at + (second?.parts.length ?? 0))].join('.');
  }

  #match(parts: readonly string[], at: number, isCatalog: boolean): Variable | null {
    const fits = (variable: Variable): boolean =>
      variable.parts.every((part, index) => part === bare(parts[at + index] ?? '')) &&
      (variable.parts.length === 1 ? variable.isCatalog === isCatalog : isCatalog);
    return this.#variables.find(fits) ?? null;
  }

  /** The new text between the longest common beginning and end, which stay as the file spells them. */
  #keepCommon(old: string, next: string): string {
    const [before, after] = [this.resolve(old), this.resolve(next)];
    const [placedOld, placedNext] = [this.#placed(old), this.#placed(next)];
    const shortest = Math.min(before.length, after.length);
    let head = 0;
    while (head < shortest && before[head] === after[head]) head += 1;
    head = settle(head, (at) => outside(outside(at, placedOld, 'start'), placedNext, 'start'));
    let tail = 0;
    while (tail < shortest - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
    tail = settle(tail, (length) =>
      Math.min(
        before.length - outside(before.length - length, placedOld, 'end'),
        after.length - outside(after.length - length, placedNext, 'end'),
      ),
    );
    return (
      old.slice(0, writtenAt(head, placedOld)) +
      next.slice(writtenAt(head, placedNext), writtenAt(after.length - tail, placedNext)) +
      old.slice(writtenAt(before.length - tail, placedOld))
    );
  }

  #placed(text: string): Placed[] {
    let shift = 0;
    return [...text.matchAll(PLACEHOLDER)].flatMap((match): Placed[] => {
      const value = this.#valueOf(match[1] ?? '');
      if (value === null) return [];
      const start = match.index;
      const end = start + match[0].length;
      const resolvedStart = start + shift;
      shift += value.length - match[0].length;
      return [{ start, end, resolvedStart, resolvedEnd: end + shift }];
    });
  }
}

/** `${schema}` means the gold schema and `${var.x}` means `x`, unless they have values of their own. */
function lookUp(name: string, variables: TemplateVariables): string | null {
  const names = [name, name.replace(/^var\./, ''), ...(name === 'schema' ? ['gold_schema'] : [])];
  const found = names.find((each) => Object.hasOwn(variables, each) && variables[each] !== '');
  return found === undefined ? null : (variables[found] ?? null);
}

const bare = (part: string): string =>
  part.startsWith('`') ? part.slice(1, -1).replaceAll('``', '`') : part;

const placeholder = ({ name }: Variable, part: string | undefined): string =>
  part?.startsWith('`') === true ? `\`\${${name}}\`` : `\${${name}}`;

/** The place itself, or the edge of the placeholder that it falls into. */
function outside(at: number, placed: readonly Placed[], edge: 'start' | 'end'): number {
  const inside = placed.find(({ resolvedStart, resolvedEnd }) => resolvedStart < at && at < resolvedEnd);
  if (inside === undefined) return at;
  return edge === 'start' ? inside.resolvedStart : inside.resolvedEnd;
}

/** Moving out of one placeholder may lead into another. */
function settle(start: number, move: (at: number) => number): number {
  const next = move(start);
  return next === start ? start : settle(next, move);
}

/** Where a place of the resolved text stands in the text as written. */
function writtenAt(at: number, placed: readonly Placed[]): number {
  const before = placed.findLast(({ resolvedEnd }) => resolvedEnd <= at);
  return before === undefined ? at : before.end + at - before.resolvedEnd;
}

function mapTexts(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === 'string') return map(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, map));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTexts(item, map)]));
}
