import * as z from 'zod';
import { messageOf } from '../../core/index.ts';
import { invalidParameter } from './api-error.ts';
import type { FaultRule } from './faults.ts';
import { mergePatch } from './merge-patch.ts';

const patternSchema = z.union([
  z.string(),
  z.strictObject({ pattern: z.string(), flags: z.string().optional() }),
]);

const momentShape = {
  after: z.int().min(0).optional(),
  times: z.int().min(1).nullable().optional(),
};

const latencySchema = z.union([
  z.number().min(0),
  z.strictObject({ medianMs: z.number().positive(), p95Ms: z.number().positive() }),
]);

const requestFaultSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('status'),
    status: z.int().min(400).max(599),
    errorCode: z.string().optional(),
    message: z.string().optional(),
    retryAfterSeconds: z.number().min(0).optional(),
  }),
  z.strictObject({ kind: z.literal('reset') }),
  z.strictObject({ kind: z.literal('malformed_json') }),
  z.strictObject({ kind: z.literal('delay'), ms: latencySchema }),
  z.strictObject({ kind: z.literal('expired_token') }),
  z.strictObject({ kind: z.literal('conflict') }),
  z.strictObject({
    kind: z.literal('edit'),
    spaceId: z.string().optional(),
    /** A JSON merge patch of the content of the space. */
    merge: z.record(z.string(), z.unknown()),
  }),
]);

const statementFaultSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('statement_failure'),
    errorClass: z.string().optional(),
    message: z.string().optional(),
    sqlState: z.string().optional(),
  }),
  z.strictObject({ kind: z.literal('slow_statement'), ms: z.number().min(0) }),
]);

const questionFaultSchema = z.strictObject({
  kind: z.literal('message_end'),
  status: z.enum(['FAILED', 'CANCELLED']),
  errorType: z.string().optional(),
  message: z.string().optional(),
});

const ruleSchema = z.union([
  z.strictObject({
    ...momentShape,
    method: z.string().optional(),
    path: patternSchema,
    fault: requestFaultSchema,
  }),
  z.strictObject({ ...momentShape, statement: patternSchema, fault: statementFaultSchema }),
  z.strictObject({ ...momentShape, question: patternSchema, fault: questionFaultSchema }),
]);

/** A rule as it comes over the wire, where a pattern is `{ pattern, flags }` and an edit a merge patch. @throws {ApiError} */
export function readFaultRule(body: unknown): FaultRule {
  const outcome = ruleSchema.safeParse(body);
  if (!outcome.success) throw invalidParameter(`Not a rule for a fault: ${z.prettifyError(outcome.error)}`);
  const { data } = outcome;
  const moment = {
    ...(data.after === undefined ? {} : { after: data.after }),
    ...(data.times === undefined ? {} : { times: data.times }),
  };
  if ('statement' in data)
    return { ...moment, statement: patternOf(data.statement), fault: withoutUndefined(data.fault) };
  if ('question' in data)
    return { ...moment, question: patternOf(data.question), fault: withoutUndefined(data.fault) };
  const place = {
    ...moment,
    ...(data.method === undefined ? {} : { method: data.method }),
    path: patternOf(data.path),
  };
  if (data.fault.kind !== 'edit') return { ...place, fault: withoutUndefined(data.fault) };
  const { merge, spaceId } = data.fault;
  const change = (content: Record<string, unknown>) => mergePatch(content, merge);
  return { ...place, fault: { kind: 'edit', change, ...(spaceId === undefined ? {} : { spaceId }) } };
}

function patternOf(pattern: z.infer<typeof patternSchema>): string | RegExp {
  if (typeof pattern === 'string') return pattern;
  try {
    return new RegExp(pattern.pattern, pattern.flags);
  } catch (cause) {
    throw invalidParameter(`Not a pattern: ${messageOf(cause)}`);
  }
}

type Defined<T> = T extends unknown ? { [K in keyof T]: Exclude<T[K], undefined> } : never;

const withoutUndefined = <T extends object>(value: T): Defined<T> =>
  Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as Defined<T>;
