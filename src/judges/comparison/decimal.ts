/** Exponents beyond this are not numbers of any SQL type; such texts stay as they are. */
const MAX_EXPONENT = 5000;

const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;
const [MINUS, POINT, ZERO, NINE] = [45, 46, 48, 57];

/** Whole, or with at most `digits` places and no zero at the end: nothing is left to do. */
function isCanonical(text: string, digits: number): boolean {
  const { length } = text;
  let at = text.charCodeAt(0) === MINUS ? 1 : 0;
  const start = at;
  let point = -1;
  for (; at < length; at++) {
    const code = text.charCodeAt(at);
    if (code >= ZERO && code <= NINE) continue;
    if (code !== POINT || point !== -1) return false;
    point = at;
  }
  const end = point === -1 ? length : point;
  if (end === start) return false;
  if (text.charCodeAt(start) === ZERO && (end - start > 1 || (point === -1 && start === 1))) return false;
  return (
    point === -1 ||
    (length - point - 1 <= digits && length > point + 1 && text.charCodeAt(length - 1) !== ZERO)
  );
}

/**
 * Decimal text of a number: rounded half-even to `digits` places, no exponent, no trailing zeros, no `-0`.
 *
 * Works on the digits, so DECIMAL(38) and 64-bit integers keep every one of them.
 *
 * @returns `NaN`, `Infinity`, `-Infinity` for these values, `null` when the text is no number
 * @see spec/evaluation.md §7.4
 */
export function canonicalNumber(text: string, digits: number): string | null {
  if (isCanonical(text, digits)) return text;
  const trimmed = text.trim();
  const match = NUMBER.exec(trimmed);
  if (match === null) return specialNumber(trimmed);
  const [, sign = '', whole = '', fraction = '', exponentText = '0'] = match;
  const exponent = Number(exponentText);
  if (whole + fraction === '' || Math.abs(exponent) > MAX_EXPONENT) return null;
  const rounded = roundHalfEven(whole + fraction, fraction.length - exponent, digits);
  return sign === '-' && rounded !== '0' ? `-${rounded}` : rounded;
}

function specialNumber(text: string): string | null {
  const word = text.toLowerCase();
  if (word === 'nan') return 'NaN';
  if (/^\+?inf(?:inity)?$/.test(word)) return 'Infinity';
  return /^-inf(?:inity)?$/.test(word) ? '-Infinity' : null;
}

/** Text of `coefficient × 10^-scale`, without sign. */
function roundHalfEven(coefficient: string, scale: number, digits: number): string {
  if (scale <= 0) return stripLeadingZeros(coefficient + '0'.repeat(-scale));
  const padded = coefficient.padStart(scale + 1, '0');
  if (scale <= digits) return withPoint(padded, scale);
  const cut = scale - digits;
  const head = padded.slice(0, padded.length - cut) || '0';
  const tail = padded.slice(padded.length - cut);
  const half = `5${'0'.repeat(cut - 1)}`;
  const up = tail > half || (tail === half && Number(head.at(-1)) % 2 === 1);
  const kept = up ? (BigInt(head) + 1n).toString() : head;
  return withPoint(kept.padStart(digits + 1, '0'), digits);
}

function withPoint(coefficient: string, scale: number): string {
  const whole = stripLeadingZeros(coefficient.slice(0, coefficient.length - scale));
  const fraction = coefficient.slice(coefficient.length - scale).replace(/0+$/, '');
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

const stripLeadingZeros = (digits: string): string => digits.replace(/^0+(?=\d)/, '') || '0';

/** A canonical number as a whole count of `10^-digits`; `null` for `NaN`, infinities and texts that are no number. */
export function scaledInteger(canonical: string, digits: number): bigint | null {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(canonical);
  if (match === null) return null;
  const [, sign = '', whole = '', fraction = ''] = match;
  return BigInt(sign + whole + fraction.padEnd(digits, '0').slice(0, digits));
}
