import * as z from 'zod';

/** Whether `passed` says the same as `status`: an own handler cannot report a failed gate as passed. */
const agrees = ({ status, passed }: { readonly status: string; readonly passed: boolean | null }): boolean =>
  passed === (status === 'passed' ? true : status === 'failed' || status === 'error' ? false : null);
const DISAGREES = {
  path: ['passed'],
  error: "must be true for 'passed', false for 'failed' and 'error', else null",
};

export const sliceResultSchema = z
  .looseObject({
    status: z.enum(['passed', 'failed', 'skipped', 'error']),
    passed: z.boolean().nullable(),
    accuracy: z.number().nullable(),
    reference_accuracy: z.number().nullable(),
    question_ids: z.array(z.string()),
    /** Questions that were right in the reference and are not now. */
    losses: z.array(z.string()),
    /** Lost at first sight, but not on asking again. */
    contested: z.array(z.string()).optional(),
  })
  .refine(agrees, DISAGREES);

export const p0ResultSchema = z
  .looseObject({
    status: z.enum(['passed', 'failed', 'inconclusive', 'error']),
    passed: z.boolean().nullable(),
    failures: z.array(z.string()),
    total_questions: z.number().int(),
    /** Lost at first sight, but not on asking again. */
    contested: z.array(z.string()).optional(),
  })
  .refine(agrees, DISAGREES);
