import * as z from 'zod';
import type { Session } from '../session/index.ts';

/**
 * Parts that only some runs have: deployment, GEPA, files. A part that is missing or has another
 * form is `undefined`; the report then says `n/a`.
 */
const optional = {
  deploy_result: z.looseObject({ status: z.string() }).nullable(),
  post_deploy_result: z.looseObject({ status: z.string() }).nullable(),
  gepa_result: z.looseObject({}).nullable(),
  files_written: z.array(z.string()),
} as const;

type OptionalFacts = { [K in keyof typeof optional]?: z.infer<(typeof optional)[K]> | undefined };

export function optionalFacts(session: Session): OptionalFacts {
  const record: Readonly<Record<string, unknown>> = session;
  const found: OptionalFacts = Object.fromEntries(
    Object.entries(optional).map(([key, schema]) => [key, schema.safeParse(record[key]).data]),
  );
  return found;
}
