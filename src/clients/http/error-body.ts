import * as z from 'zod';

/** What can be read from the body of a failed response, whatever its form. */
export interface ErrorBody {
  readonly errorCode: string | null;
  readonly message: string;
  readonly requestId: string | null;
  /** From `google.rpc.RetryInfo`. */
  readonly retryDelayMs: number | null;
  readonly violations: readonly string[];
}

const code = z.union([z.string(), z.number()]).transform(String);

const jsonBodySchema = z.looseObject({
  error_code: code.optional().catch(undefined),
  errorCode: code.optional().catch(undefined),
  message: z.string().optional().catch(undefined),
  error: z
    .union([z.string(), z.looseObject({ code: code.optional(), message: z.string().optional() })])
    .optional()
    .catch(undefined),
  error_description: z.string().optional().catch(undefined),
  errorSummary: z.string().optional().catch(undefined),
  detail: z.string().optional().catch(undefined),
  status: code.optional().catch(undefined),
  scimType: z.string().optional().catch(undefined),
  details: z
    .array(z.looseObject({ '@type': z.string().optional().catch(undefined) }))
    .optional()
    .catch(undefined),
});

type Detail = Readonly<Record<string, unknown>>;

const EMPTY: ErrorBody = {
  errorCode: null,
  message: '',
  requestId: null,
  retryDelayMs: null,
  violations: [],
};

/**
 * Reads an error body in any of the forms that Databricks, SCIM, OAuth and proxies send.
 *
 * An empty or unreadable body gives an empty message; the caller falls back to the HTTP reason.
 * @see spec/databricks-apis.md §1.9
 */
export function readErrorBody(text: string): ErrorBody {
  const trimmed = text.trim();
  if (trimmed === '') return EMPTY;
  return readJson(trimmed) ?? readHtml(trimmed) ?? readPlainText(trimmed);
}

function readJson(text: string): ErrorBody | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    // Not JSON: one of the other forms.
    return null;
  }
  const result = jsonBodySchema.safeParse(parsed);
  if (!result.success) return null;
  const body = result.data;
  const details: readonly Detail[] = body.details ?? [];
  const nested = typeof body.error === 'object' ? body.error : undefined;
  const oauthOrLegacy = typeof body.error === 'string' ? body.error : undefined;
  const scimCode = body.detail === undefined || body.status === undefined ? undefined : `SCIM_${body.status}`;
  // With a description beside it, `error` is an OAuth code; alone it is the whole message (API 1.2).
  const oauthCode = body.error_description === undefined ? undefined : oauthOrLegacy;
  return {
    errorCode: body.error_code ?? body.errorCode ?? nested?.code ?? scimCode ?? oauthCode ?? null,
    message:
      body.message ??
      body.error_description ??
      body.errorSummary ??
      body.detail ??
      nested?.message ??
      oauthOrLegacy ??
      '',
    requestId: firstText(details, 'RequestInfo', 'request_id'),
    retryDelayMs: durationMs(firstText(details, 'RetryInfo', 'retry_delay')),
    violations: details.flatMap(violationsOf),
  };
}

function readHtml(text: string): ErrorBody | null {
  if (!text.startsWith('<')) return null;
  const match = /<pre[^>]*>([\s\S]*?)<\/pre>/i.exec(text) ?? /<title[^>]*>([\s\S]*?)<\/title>/i.exec(text);
  const message = (match?.[1] ?? '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return { ...EMPTY, message };
}

function readPlainText(text: string): ErrorBody {
  const match = /^([A-Z][A-Z0-9_]{2,}):\s*([\s\S]+)$/.exec(text);
  return { ...EMPTY, errorCode: match?.[1] ?? null, message: match?.[2] ?? text };
}

const isKind = (detail: Detail, kind: string): boolean =>
  typeof detail['@type'] === 'string' && detail['@type'].endsWith(`google.rpc.${kind}`);

function firstText(details: readonly Detail[], kind: string, key: string): string | null {
  const value = details.find((detail) => isKind(detail, kind))?.[key];
  return typeof value === 'string' ? value : null;
}

/** Protobuf durations: seconds with a trailing `s`. */
function durationMs(text: string | null): number | null {
  const match = /^(\d+(?:\.\d+)?)s$/.exec(text ?? '');
  return match?.[1] === undefined ? null : Math.round(Number(match[1]) * 1000);
}

const violationSchema = z.array(
  z.looseObject({
    field: z.string().optional(),
    subject: z.string().optional(),
    description: z.string().optional(),
  }),
);

function violationsOf(detail: Detail): string[] {
  const found = violationSchema.safeParse(detail['field_violations'] ?? detail['violations']);
  if (!found.success) return [];
  return found.data.map(({ field, subject, description }) =>
    [field ?? subject, description].filter(Boolean).join(': '),
  );
}
