import { parseJson, redactSecrets } from '../../core/index.ts';

const REDACTED = '[redacted]';

/** A name of a secret and the quoted text that belongs to it: `PASSWORD 'x'`, `map('secret', 'x')`, `token => 'x'`. */
const NAMED_TEXT =
  /((?:\w*(?:password|passwd|secret|token|api_?key|credential)s?(?:["'`]\s*,|["'`]?\s*(?:=>|<>|!=|[=:(]|\b(?:by|to|is|like)\b|\bin\s*\()?))\s*)(["'])((?:\\.|(?!\2)[\s\S])+)\2/gi;

/** Credentials of other services, known by their form. */
const MORE_SECRETS: readonly [pattern: RegExp, replacement: string][] = [
  [/([?&](?:x-amz-\w+(?:-\w+)*|sig|signature|googleaccessid|x-goog-\w+)=)[^&\s"']+/gi, `$1${REDACTED}`],
  [/\bA(?:KIA|SIA)[0-9A-Z]{16}\b/g, REDACTED],
  [/\b(?:sk|pk|rk)-[\w-]{16,}/g, REDACTED],
  [/\b(?:gh[pousr]|github_pat)_\w{16,}/g, REDACTED],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, REDACTED],
];

/** Texts shorter than this are not looked for elsewhere: they would tear holes into everything. */
const LEARNED_LENGTH = 6;

/** Keys that say where the next page begins, which a replay needs. */
const PAGE_KEY = /^(?:next_)?page_token$/;

const isSecretKey = (key: string): boolean => {
  const probe = 'x'.repeat(12);
  return !PAGE_KEY.test(key) && (redactSecrets({ [key]: probe }) as Record<string, string>)[key] !== probe;
};

/**
 * Removes secrets from what goes into a cassette.
 *
 * Remembers every secret it was told of or found under a name, and removes it wherever it stands from then
 * on: a password of a statement comes back in the name of a column.
 */
export class CassetteRedactor {
  readonly #literals = new Set<string>();

  constructor(literals: Iterable<string>) {
    this.add(literals);
  }

  /** Texts shorter than 4 characters are left out: they would tear holes into everything. */
  add(literals: Iterable<string>): void {
    for (const literal of literals) {
      if (literal.length < 4) continue;
      for (const form of [literal, encodeURIComponent(literal), JSON.stringify(literal).slice(1, -1)])
        this.#literals.add(form);
      this.#literals.add(Buffer.from(literal).toString('base64'));
    }
  }

  #learn(secret: string): void {
    if (secret.length >= LEARNED_LENGTH && secret !== REDACTED) this.add([secret]);
  }

  text(text: string): string {
    let clean = text;
    for (const literal of [...this.#literals].sort((a, b) => b.length - a.length))
      clean = clean.replaceAll(literal, REDACTED);
    clean = redactSecrets(clean);
    clean = clean.replaceAll(NAMED_TEXT, (_, name: string, quote: string, secret: string) => {
      this.#learn(secret);
      return `${name}${quote}${REDACTED}${quote}`;
    });
    for (const [pattern, replacement] of MORE_SECRETS) clean = clean.replaceAll(pattern, replacement);
    return clean;
  }

  /** A JSON value; texts that are JSON themselves are read, so that their keys count too. */
  value(value: unknown): unknown {
    // What the first pass finds late may stand early.
    return this.#pass(this.#pass(value));
  }

  #pass(value: unknown): unknown {
    if (typeof value === 'string') return this.#embedded(value);
    if (Array.isArray(value)) return value.map((item) => this.#pass(item));
    if (typeof value !== 'object' || value === null) return value;
    const fields = value as Record<string, unknown>;
    const columns = secretColumns(fields);
    const namesSecret = [fields['key'], fields['name']].some(
      (name) => typeof name === 'string' && isSecretKey(name),
    );
    return Object.fromEntries(
      Object.entries(fields).map(([key, item]) => [
        this.text(key),
        isSecretKey(key) || (namesSecret && /^(?:string_)?value$/.test(key))
          ? this.#hide(item)
          : key === 'result' && columns.length > 0
            ? this.#pass(this.#hideColumns(item, columns))
            : this.#pass(item),
      ]),
    );
  }

  #embedded(text: string): string {
    const inner = /^\s*[[{]/.test(text) ? parseJson(text) : undefined;
    if (inner === undefined) return this.text(text);
    const clean = this.#pass(inner);
    // The text is written anew only when it held a secret: a replay must answer it byte for byte.
    const before = JSON.stringify(inner);
    const after = JSON.stringify(clean);
    return before === after ? text : after;
  }

  /** Every text below a key that names a secret. */
  #hide(value: unknown): unknown {
    if (typeof value === 'string') {
      this.#learn(value);
      return value === '' ? value : REDACTED;
    }
    if (Array.isArray(value)) return value.map((item) => this.#hide(item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.#hide(item)]));
  }

  #hideColumns(result: unknown, columns: readonly number[]): unknown {
    const rows = (result as { data_array?: unknown } | null)?.data_array;
    if (!Array.isArray(rows)) return result;
    const hidden = rows.map((row: unknown) =>
      Array.isArray(row)
        ? row.map((cell: unknown, index) => (columns.includes(index) ? this.#hide(cell) : cell))
        : row,
    );
    return { ...(result as object), data_array: hidden };
  }
}

/** Places of the columns of a statement's result whose names say that they hold secrets. */
function secretColumns(fields: Readonly<Record<string, unknown>>): number[] {
  const manifest = fields['manifest'] as { schema?: { columns?: unknown } } | undefined;
  const columns = manifest?.schema?.columns;
  if (!Array.isArray(columns)) return [];
  return columns.flatMap((column: { name?: unknown } | null, index) =>
    typeof column?.name === 'string' && isSecretKey(column.name) ? [index] : [],
  );
}
