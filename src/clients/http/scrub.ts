import { REDACTED, redactSecrets } from '../../core/index.ts';

/** Secrets shorter than this are not searched for: replacing them would shred ordinary words. */
const SHORTEST_SECRET = 6;

/**
 * Removes credentials from text that came from outside: those with a known form, and the very ones in use.
 *
 * A server may echo a token of unknown form in an error; only its holder can recognise it.
 */
export class SecretScrubber {
  readonly #secrets = new Set<string>();

  /** Remembers a secret, also in the encodings in which it may be echoed. */
  add(secret: string): void {
    if (secret.length < SHORTEST_SECRET) return;
    this.#secrets.add(secret);
    this.#secrets.add(encodeURIComponent(secret));
    this.#secrets.add(Buffer.from(secret).toString('base64'));
  }

  /** Remembers what an `Authorization` header gives away: the value, and what a `Basic` value is made of. */
  addAuthorization(header: string): void {
    const [, scheme, value] = /^(\S+)\s+(.+)$/.exec(header) ?? [];
    this.add(value ?? header);
    if (scheme?.toLowerCase() !== 'basic') return;
    const decoded = Buffer.from(value ?? '', 'base64').toString();
    const password = decoded.slice(decoded.indexOf(':') + 1);
    this.add(password);
    // OAuth encodes both parts before joining them.
    this.add(percentDecoded(password));
  }

  scrub(text: string): string {
    let clean = text;
    for (const secret of this.#secrets) clean = clean.replaceAll(secret, REDACTED);
    return redactSecrets(clean);
  }
}

/** Never throws: text that is not percent-encoded stays as it is. */
const percentDecoded = (text: string): string =>
  text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString());
