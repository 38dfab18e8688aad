import { lexSql, significantTokens, type Token } from '../../sql/index.ts';

/** A point in time: a day or the current one, moved by months and days, perhaps cut to a unit. */
interface Moment {
  /** ISO date, `now:date` or `now:timestamp`, or a cut moment as text. */
  readonly base: string;
  readonly months: number;
  readonly days: number;
}

interface Interval {
  readonly months: number;
  readonly days: number;
}

/**
 * One spelling for the many ways to write a constant or relative date; `null` when the text is none of them.
 *
 * `DATE '1996-01-01'`, `'1995-01-01' + INTERVAL 1 YEAR` and `add_months('1995-01-01', 12)` agree, and so do
 * `date_sub(current_date(), 30)` and `current_date - INTERVAL 30 DAYS`. Plain strings count when they are ISO dates.
 */
export function temporalValue(text: string): string | null {
  const tokens = significantTokens(lexSql(text));
  const reader = new Reader(tokens);
  const moment = readSum(reader);
  return moment === null || !reader.atEnd() ? null : momentText(moment);
}

class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  atEnd(): boolean {
    return this.#at >= this.#tokens.length;
  }

  word(ahead = 0): string {
    return this.#tokens[this.#at + ahead]?.text.toLowerCase() ?? '';
  }

  take(text: string): boolean {
    if (this.word() !== text) return false;
    this.#at += 1;
    return true;
  }

  next(): string {
    const word = this.word();
    this.#at += 1;
    return word;
  }

  /** Content of a string literal, or `null` without moving. */
  string(): string | null {
    const match = /^'(.*)'$/s.exec(this.#tokens[this.#at]?.text ?? '');
    if (match === null) return null;
    this.#at += 1;
    return match[1] ?? '';
  }

  integer(): number | null {
    const sign = this.word() === '-' ? -1 : 1;
    const digits = this.word(sign === -1 ? 1 : 0);
    if (!/^\d+$/.test(digits)) return null;
    this.#at += sign === -1 ? 2 : 1;
    return sign * Number(digits);
  }
}

function readSum(reader: Reader): Moment | null {
  let moment = readMoment(reader);
  while (moment !== null && (reader.word() === '+' || reader.word() === '-')) {
    const sign = reader.next() === '-' ? -1 : 1;
    const step = readInterval(reader);
    if (step === null) return null;
    moment = move(moment, { months: sign * step.months, days: sign * step.days });
  }
  return moment;
}

function readMoment(reader: Reader): Moment | null {
  const literal = reader.string();
  if (literal !== null) return isoMoment(reader, literal);
  if (reader.take('(')) return closed(reader, readSum(reader));
  const word = reader.next();
  if (word === 'date' || word === 'timestamp' || word === 'to_date' || word === 'to_timestamp') {
    const text = reader.string();
    if (text !== null) return isoMoment(reader, text);
    return reader.take('(') ? closed(reader, readSum(reader)) : null;
  }
  if (word === 'current_date' || word === 'curdate') return now(reader, 'now:date');
  if (word === 'current_timestamp' || word === 'now' || word === 'getdate')
    return now(reader, 'now:timestamp');
  if (!reader.take('(')) return null;
  return readCall(reader, word);
}

function readCall(reader: Reader, name: string): Moment | null {
  switch (name) {
    case 'cast': {
      const moment = readSum(reader);
      return reader.take('as') && /^(?:date|timestamp)/.test(reader.next()) ? closed(reader, moment) : null;
    }
    case 'date_add':
    case 'date_sub':
    case 'add_months': {
      const moment = readSum(reader);
      const count = reader.take(',') ? reader.integer() : null;
      if (moment === null || count === null) return null;
      const days = name === 'date_add' ? count : name === 'date_sub' ? -count : 0;
      return closed(reader, move(moment, { months: name === 'add_months' ? count : 0, days }));
    }
    case 'dateadd':
    case 'timestampadd': {
      const unit = reader.string() ?? reader.next();
      const count = reader.take(',') ? reader.integer() : null;
      const moment = reader.take(',') ? readSum(reader) : null;
      const step = count === null ? null : steps(count, unit);
      return moment === null || step === null ? null : closed(reader, move(moment, step));
    }
    case 'date_trunc': {
      const unit = unitName(reader.string() ?? '');
      const moment = reader.take(',') ? readSum(reader) : null;
      return moment === null || unit === null ? null : closed(reader, cut(moment, unit));
    }
    case 'trunc': {
      const moment = readSum(reader);
      const unit = reader.take(',') ? unitName(reader.string() ?? '') : null;
      return moment === null || unit === null ? null : closed(reader, cut(moment, unit));
    }
    case 'make_date': {
      const parts = [
        reader.integer(),
        reader.take(',') ? reader.integer() : null,
        reader.take(',') ? reader.integer() : null,
      ];
      if (parts.includes(null)) return null;
      const [year, month, day] = parts.map((part) => String(part));
      return closed(reader, {
        base: `${year?.padStart(4, '0')}-${month?.padStart(2, '0')}-${day?.padStart(2, '0')}`,
        months: 0,
        days: 0,
      });
    }
    default:
      return null;
  }
}

const closed = (reader: Reader, moment: Moment | null): Moment | null =>
  moment !== null && reader.take(')') ? typed(reader, moment) : null;

/** Skips a trailing `:: date`. */
function typed(reader: Reader, moment: Moment): Moment | null {
  if (!reader.take('::')) return moment;
  return /^(?:date|timestamp)/.test(reader.next()) ? moment : null;
}

function isoMoment(reader: Reader, text: string): Moment | null {
  const match = /^(\d{4}-\d\d-\d\d)(?:[T ]00:00(?::00(?:\.0+)?)?)?$/.exec(text.trim());
  return match?.[1] === undefined ? null : typed(reader, { base: match[1], months: 0, days: 0 });
}

function now(reader: Reader, base: string): Moment | null {
  if (reader.take('(') && !reader.take(')')) return null;
  return typed(reader, { base, months: 0, days: 0 });
}

function readInterval(reader: Reader): Interval | null {
  if (!reader.take('interval')) {
    const days = reader.integer();
    return days === null ? null : { months: 0, days };
  }
  const text = reader.string();
  const whole = /^\s*(-?\d+)\s*([a-z]+)?\s*$/i.exec(text ?? '');
  const count = text === null ? wrappedInteger(reader) : whole === null ? null : Number(whole[1]);
  const unit = whole?.[2] ?? reader.next();
  return count === null ? null : steps(count, unit);
}

/** `30` or `(-30)`. */
function wrappedInteger(reader: Reader): number | null {
  if (!reader.take('(')) return reader.integer();
  const count = reader.integer();
  return reader.take(')') ? count : null;
}

const UNITS: Readonly<Record<string, string>> = {
  yyyy: 'year',
  yy: 'year',
  mm: 'month',
  mon: 'month',
  q: 'quarter',
  dd: 'day',
};

function unitName(text: string): string | null {
  const lower = text.toLowerCase();
  const name = UNITS[lower] ?? lower.replace(/s$/, '');
  return ['year', 'quarter', 'month', 'week', 'day'].includes(name) ? name : null;
}

function steps(count: number, unit: string): Interval | null {
  switch (unitName(unit)) {
    case 'year':
      return { months: 12 * count, days: 0 };
    case 'quarter':
      return { months: 3 * count, days: 0 };
    case 'month':
      return { months: count, days: 0 };
    case 'week':
      return { months: 0, days: 7 * count };
    case 'day':
      return { months: 0, days: count };
    case null:
    default:
      return null;
  }
}

function move(moment: Moment, step: Interval): Moment {
  const moved = { ...moment, months: moment.months + step.months, days: moment.days + step.days };
  return settled(moved);
}

/** Carries out the moves where the day is known; months clip to the last day as in SQL. */
function settled(moment: Moment): Moment {
  if (!/^\d{4}-\d\d-\d\d$/.test(moment.base)) return moment;
  const [year = 0, month = 1, day = 1] = moment.base.split('-').map(Number);
  const last = new Date(Date.UTC(year, month - 1 + moment.months + 1, 0)).getUTCDate();
  const date = new Date(Date.UTC(year, month - 1 + moment.months, Math.min(day, last) + moment.days));
  return { base: date.toISOString().slice(0, 10), months: 0, days: 0 };
}

function cut(moment: Moment, unit: string): Moment {
  const { base } = settled(moment);
  const match = /^(\d{4})-(\d\d)-\d\d$/.exec(base);
  if (match === null || unit === 'week')
    return { base: `${unit}(${momentText(moment)})`, months: 0, days: 0 };
  const [, year = '', month = ''] = match;
  const start =
    unit === 'year'
      ? '01'
      : unit === 'quarter'
        ? String(Math.floor((Number(month) - 1) / 3) * 3 + 1).padStart(2, '0')
        : month;
  return unit === 'day' ? { base, months: 0, days: 0 } : { base: `${year}-${start}-01`, months: 0, days: 0 };
}

function momentText({ base, months, days }: Moment): string {
  const parts = [months === 0 ? '' : `${signed(months)}m`, days === 0 ? '' : `${signed(days)}d`];
  return base + parts.join('');
}

const signed = (count: number): string => (count > 0 ? `+${count}` : String(count));

/** The day after an ISO date, or before it with `-1`. */
export function shiftDay(isoDate: string, days: number): string {
  return settled({ base: isoDate, months: 0, days }).base;
}

export const isIsoDate = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text);
