/** Text that replaces a secret. */
export const REDACTED = '[redacted]';

/** Patterns of credentials seen in headers, URLs, bodies and configuration files. */
const SECRET_TEXT: readonly [pattern: RegExp, replacement: string][] = [
  [/\bdapi[0-9a-f]{8,}(?:-\d+)?\b/gi, REDACTED],
  [/\bdose[0-9a-f]{8,}\b/gi, REDACTED],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g, REDACTED],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{6,}/gi, `$1 ${REDACTED}`],
  [
    /\b(token|client_secret|password|secret|api[_-]?key|authorization)(["']?\s*[=:]\s*["']?)(?!\[redacted\])[^\s"',;&}]{4,}/gi,
    `$1$2${REDACTED}`,
  ],
  [/(:\/\/[^\s/:@]+:)[^\s/@]+@/g, `$1${REDACTED}@`],
];

const SECRET_KEY = /^(?:.*_)?(?:token|secret|password|authorization|api_?key|cookie)$/i;

/**
 * Replaces credentials in a text, or in every string of a JSON-like value, by `[redacted]`.
 *
 * Values under keys that name a secret (`token`, `client_secret`, …) are replaced whole.
 */
export function redactSecrets<T>(value: T): T {
  return redact(value, new Set()) as T;
}

function redact(value: unknown, seen: Set<object>): unknown {
  if (typeof value === 'string') {
    return SECRET_TEXT.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), value);
  }
  if (typeof value !== 'object' || value === null) return value;
  if (seen.has(value)) return '[circular]';
  seen.add(value);
  if (Array.isArray(value)) return value.map((item) => redact(item, seen));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      SECRET_KEY.test(key) && typeof item === 'string' && item !== '' ? REDACTED : redact(item, seen),
    ]),
  );
}
