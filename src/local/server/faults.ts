import type { Latency } from './latency.ts';

/** What a request meets instead of, or before, its answer. */
export type Fault =
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly errorCode?: string;
      readonly message?: string;
      readonly retryAfterSeconds?: number;
    }
  /** The connection ends in the middle of the answer. */
  | { readonly kind: 'reset' }
  | { readonly kind: 'malformed_json' }
  | { readonly kind: 'delay'; readonly ms: Latency }
  /** 401: the token was good until now. */
  | { readonly kind: 'expired_token' }
  /** 409 of a space that was changed meanwhile, though nobody changed it. */
  | { readonly kind: 'conflict' }
  /** Another person edits a space just before the request is looked at; the request itself goes on. */
  | {
      readonly kind: 'edit';
      /** Default: the space in the path. */
      readonly spaceId?: string;
      /** Gets the parsed `serialized_space` and answers the new one; it may change the one it gets. */
      readonly change: (content: Record<string, unknown>) => unknown;
    };

/** What a statement meets, whether a client sent it or Genie. */
export type StatementFault =
  | {
      readonly kind: 'statement_failure';
      /** Default `INTERNAL_ERROR`. */
      readonly errorClass?: string;
      readonly message?: string;
      readonly sqlState?: string;
    }
  /** Runs this much longer; can be cancelled meanwhile. */
  | { readonly kind: 'slow_statement'; readonly ms: number };

/** How a question ends instead of being answered. */
export interface QuestionFault {
  readonly kind: 'message_end';
  readonly status: 'FAILED' | 'CANCELLED';
  /** Of a failure; default `GENERIC_CHAT_COMPLETION_EXCEPTION`. */
  readonly errorType?: string;
  readonly message?: string;
}

interface FaultMoment {
  /** Matching requests, statements or questions let through first. Default 0. */
  readonly after?: number;
  /** Matching requests, statements or questions that meet the fault. Default 1; `null` for all. */
  readonly times?: number | null;
}

/** A fault of requests. */
export interface RequestFaultRule extends FaultMoment {
  /** Any method when left out. */
  readonly method?: string;
  /** Part of the path, or a pattern for it. */
  readonly path: string | RegExp;
  readonly fault: Fault;
}

/** A fault of statements. */
export interface StatementFaultRule extends FaultMoment {
  /** Part of the SQL, or a pattern for it; the empty text fits every statement. */
  readonly statement: string | RegExp;
  readonly fault: StatementFault;
}

/** A fault of questions to Genie. */
export interface QuestionFaultRule extends FaultMoment {
  /** Part of the question, or a pattern for it; the empty text fits every question. */
  readonly question: string | RegExp;
  readonly fault: QuestionFault;
}

/** Faults on demand, for tests of retries and recovery. */
export type FaultRule = RequestFaultRule | StatementFaultRule | QuestionFaultRule;

/** Counts requests, statements and questions per rule and says which fault each of them meets. */
export class FaultPlan {
  #rules: { readonly rule: FaultRule; seen: number }[];

  constructor(rules: readonly FaultRule[]) {
    this.#rules = rules.map((rule) => ({ rule, seen: 0 }));
  }

  /** A rule that counts from now on. */
  add(rule: FaultRule): void {
    this.#rules.push({ rule, seen: 0 });
  }

  /** From now on nothing goes wrong. */
  clear(): void {
    this.#rules = [];
  }

  /** The first fault due for this request; every rule counts the request. */
  next(method: string, path: string): Fault | null {
    let due: Fault | null = null;
    for (const entry of this.#rules) {
      const { rule } = entry;
      if (!('path' in rule) || !fits(rule.path, path)) continue;
      if (rule.method !== undefined && rule.method !== method) continue;
      if (isDue(entry)) due ??= rule.fault;
    }
    return due;
  }

  /** The same for a statement that begins to run. */
  nextStatement(sql: string): StatementFault | null {
    let due: StatementFault | null = null;
    for (const entry of this.#rules) {
      const { rule } = entry;
      if ('statement' in rule && fits(rule.statement, sql) && isDue(entry)) due ??= rule.fault;
    }
    return due;
  }

  /** The same for a question that is asked. */
  nextQuestion(question: string): QuestionFault | null {
    let due: QuestionFault | null = null;
    for (const entry of this.#rules) {
      const { rule } = entry;
      if ('question' in rule && fits(rule.question, question) && isDue(entry)) due ??= rule.fault;
    }
    return due;
  }
}

const fits = (pattern: string | RegExp, text: string): boolean =>
  typeof pattern === 'string' ? text.includes(pattern) : text.search(pattern) >= 0;

/** Counts, and answers whether the one just counted is among those that meet the fault. */
function isDue(entry: { readonly rule: FaultRule; seen: number }): boolean {
  const count = entry.seen;
  entry.seen += 1;
  const { after = 0, times = 1 } = entry.rule;
  return count >= after && count < after + (times ?? Number.POSITIVE_INFINITY);
}
