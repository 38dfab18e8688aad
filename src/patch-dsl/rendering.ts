import type { PatchProblemCode } from './finding.ts';
import type { Step } from './step.ts';
import { isIdle } from './step.ts';

/** What a patch does to a snapshot. */
export type Rendering =
  | { readonly status: 'changes'; readonly steps: readonly Step[] }
  | { readonly status: 'noop'; readonly reason: string }
  | Failed;

export interface Failed {
  readonly status: 'failed';
  readonly code: PatchProblemCode;
  readonly message: string;
}

/** The steps that change something; a no-op when none does. */
export function changes(
  steps: readonly Step[],
  otherwise = 'everything is in the wanted state already',
): Rendering {
  const active = steps.filter((step) => !isIdle(step));
  return active.length > 0 ? { status: 'changes', steps: active } : noop(otherwise);
}

export const noop = (reason: string): Rendering => ({ status: 'noop', reason });
export const failed = (code: PatchProblemCode, message: string): Failed => ({
  status: 'failed',
  code,
  message,
});
