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
  | { readonly kind: 'delay'; readonly ms: number };

/** Faults on demand, for tests of retries and recovery. */
export interface FaultRule {
  /** Any method when left out. */
  readonly method?: string;
  /** Part of the path, or a pattern for it. */
  readonly path: string | RegExp;
  /** Matching requests let through first. Default 0. */
  readonly after?: number;
  /** Matching requests that meet the fault. Default 1; `null` for all. */
  readonly times?: number | null;
  readonly fault: Fault;
}

/** Counts requests per rule and says which fault a request meets. */
export class FaultPlan {
  readonly #rules: readonly FaultRule[];
  readonly #seen: number[];

  constructor(rules: readonly FaultRule[]) {
    this.#rules = rules;
    this.#seen = rules.map(() => 0);
  }

  /** The first fault due for this request; every rule counts the request. */
  next(method: string, path: string): Fault | null {
    let due: Fault | null = null;
    for (const [index, rule] of this.#rules.entries()) {
      const pathFits = typeof rule.path === 'string' ? path.includes(rule.path) : rule.path.test(path);
      if (!pathFits || (rule.method !== undefined && rule.method !== method)) continue;
      const count = this.#seen[index] ?? 0;
      this.#seen[index] = count + 1;
      const after = rule.after ?? 0;
      const times = rule.times === undefined ? 1 : (rule.times ?? Number.POSITIVE_INFINITY);
      if (count >= after && count < after + times) due ??= rule.fault;
    }
    return due;
  }
}
