/**
 * How long a response asks us to wait, in milliseconds; `null` when it does not say or cannot be read.
 *
 * A date is measured against the server's own `Date` header where there is one, so that a wrong local clock does
 * no harm. Never negative.
 */
export function retryAfterMs(headers: Headers, now: Date): number | null {
  const text = headers.get('retry-after')?.trim();
  if (text === undefined || text === '') return null;
  if (/^\d+(?:\.\d+)?$/.test(text)) return Math.round(Number(text) * 1000);
  const at = Date.parse(text);
  if (Number.isNaN(at)) return null;
  const serverNow = Date.parse(headers.get('date') ?? '');
  return Math.max(0, at - (Number.isNaN(serverNow) ? now.getTime() : serverNow));
}
