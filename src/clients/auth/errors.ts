import { OptimizerError } from '../../core/index.ts';

/** One way to sign in that was looked at, and why it gave nothing. */
export interface AuthAttempt {
  /** `explicit options`, `environment`, `profile 'dev' in ~/.databrickscfg`, … */
  readonly source: string;
  readonly outcome: string;
}

/** No way to sign in could be found, or what was found contradicts itself. */
export class AuthConfigurationError extends OptimizerError {
  readonly attempts: readonly AuthAttempt[];

  constructor(problem: string, attempts: readonly AuthAttempt[], cause?: unknown) {
    const tried = attempts.map(({ source, outcome }) => `\n  - ${source}: ${outcome}`).join('');
    super(`${problem}${tried === '' ? '' : ` Tried, in this order:${tried}`}`, {
      code: 'AUTH_NOT_CONFIGURED',
      details: { attempts },
      cause,
    });
    this.attempts = attempts;
  }
}
