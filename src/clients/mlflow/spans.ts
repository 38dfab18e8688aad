import type { Span } from '../../ports/index.ts';

/** Makes `bytes` random bytes as lower-case hex. */
export type RandomHex = (bytes: number) => string;

/** The id of the first span, for assessments that belong to it, and the text of `traces.json`. */
export interface EncodedSpans {
  readonly rootSpanId: string;
  readonly text: string;
}

/**
 * The content of `traces.json`: a flat list of spans in OpenTelemetry form, ids in base64, attributes as JSON texts.
 *
 * @param traceId - `tr-` and 32 hex characters
 * @see spec/mlflow-rest.md §10.3
 */
export function encodeSpans(root: Span, traceId: string, randomHex: RandomHex): EncodedSpans {
  const traceHex = traceId.replace(/^tr-/, '');
  const spans: object[] = [];
  const add = (span: Span, parentHex: string): string => {
    const spanHex = randomHex(8);
    spans.push({
      trace_id: base64OfHex(traceHex),
      span_id: base64OfHex(spanHex),
      parent_span_id: base64OfHex(parentHex),
      name: span.name,
      start_time_unix_nano: nanoseconds(span.startedMs),
      end_time_unix_nano: nanoseconds(span.endedMs),
      status: {
        code: span.error === undefined ? 'STATUS_CODE_OK' : 'STATUS_CODE_ERROR',
        message: span.error ?? '',
      },
      attributes: spanAttributes(span, traceId),
      events: [],
      links: [],
    });
    for (const child of span.children ?? []) add(child, spanHex);
    return spanHex;
  };
  const rootSpanId = add(root, '');
  // Nanoseconds exceed the exact range of JavaScript numbers, so they are written as texts and unquoted here. Inside
  // other texts these keys have escaped quotes and do not match.
  const text = JSON.stringify({ spans }).replaceAll(
    /"(start|end)_time_unix_nano":"(\d+)"/g,
    '"$1_time_unix_nano":$2',
  );
  return { rootSpanId, text };
}

/** What a span says, as JSON texts. */
export const spanAttributes = (span: Span, traceId: string): Record<string, string> =>
  jsonTexts({
    'mlflow.traceRequestId': traceId,
    'mlflow.spanType': span.type,
    'mlflow.spanInputs': span.inputs,
    'mlflow.spanOutputs': span.outputs,
    ...span.attributes,
  });

const nanoseconds = (ms: number): string => (BigInt(Math.round(ms * 1000)) * 1000n).toString();

const base64OfHex = (hex: string): string => Buffer.from(hex, 'hex').toString('base64');

const jsonTexts = (attributes: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(attributes).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, JSON.stringify(value)]],
    ),
  );
