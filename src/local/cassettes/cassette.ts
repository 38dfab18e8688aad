import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { canonicalJson, OptimizerError } from '../../core/index.ts';

/** Name of the file in the folder of a recording. */
export const CASSETTE_FILE = 'cassette.jsonl';

export const cassetteHeaderSchema = z.looseObject({
  format: z.literal('genie-optimizer-cassette'),
  version: z.literal(1),
  recorded_at: z.string(),
});

export type CassetteHeader = z.infer<typeof cassetteHeaderSchema>;

/** A body that is JSON, plain text, nothing, or bytes, which are not recorded. */
const bodySchema = z.union([
  z.strictObject({ json: z.unknown() }),
  z.strictObject({ text: z.string() }),
  z.strictObject({ omitted: z.literal('binary') }),
  z.strictObject({}),
]);

export type CassetteBody = z.infer<typeof bodySchema>;

/** One request and its answer, as a line of the file. */
export const exchangeSchema = z.looseObject({
  /** Order in which the requests came, from 0; answers may come in another. */
  n: z.int().min(0),
  request: z.looseObject({
    method: z.string(),
    path: z.string(),
    query: z.array(z.tuple([z.string(), z.string()])),
    body: bodySchema,
  }),
  /** `null`: the connection broke. */
  response: z
    .looseObject({
      status: z.int(),
      headers: z.record(z.string(), z.string()),
      body: bodySchema,
    })
    .nullable(),
});

export type Exchange = z.infer<typeof exchangeSchema>;

/** A cassette cannot be read; the message names the line. Code `CASSETTE`. */
export class CassetteError extends OptimizerError {
  constructor(file: string, problem: string, cause?: unknown) {
    super(`Cassette ${file}: ${problem}`, { code: 'CASSETTE', details: { file }, cause });
  }
}

/** Exchanges of a recording, in the order of the requests. @throws {CassetteError} */
export async function readCassette(dir: string): Promise<readonly Exchange[]> {
  const file = join(dir, CASSETTE_FILE);
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new CassetteError(file, 'cannot be read. Make one with recordWorkspace().', cause);
  });
  const [head = '', ...rest] = text.split('\n');
  parseLine(file, head, 1, cassetteHeaderSchema);
  const exchanges = rest.flatMap((line, index) =>
    line.trim() === '' ? [] : [parseLine(file, line, index + 2, exchangeSchema)],
  );
  return exchanges.sort((left, right) => left.n - right.n);
}

function parseLine<T>(file: string, line: string, number: number, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new CassetteError(file, `line ${number} is no JSON. Record it again, or take the line out.`, cause);
  }
  const outcome = schema.safeParse(value);
  if (outcome.success) return outcome.data;
  throw new CassetteError(
    file,
    `line ${number} has another form: ${z.prettifyError(outcome.error)}`,
    outcome.error,
  );
}

/** Fields that differ between two runs of the same session and say nothing about it. */
const VOLATILE =
  /^(?:start_time|end_time|request_id|client_request_id|idempotency_token|(?:\w+_)?timestamp(?:_ms)?|\w+_time_ms)$/;

/** Two requests with the same key ask the same. */
export function requestKey({ method, path, query, body }: Exchange['request']): string {
  const sorted = query.map(([name, value]) => `${name}=${value}`).sort();
  return canonicalJson([method, path, sorted, withoutVolatile(body)]);
}

/** Names that a run gives itself, which it puts into titles of copies. */
const RUN_NAME = /\brun_\d{8}T\d{9}Z_[0-9a-z]{6}\b/g;

function withoutVolatile(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll(RUN_NAME, 'run');
  if (Array.isArray(value)) return value.map(withoutVolatile);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !VOLATILE.test(key))
      .map(([key, item]) => [key, withoutVolatile(item)]),
  );
}
