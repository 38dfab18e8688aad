import type { Span } from '../../ports/index.ts';
import { spanAttributes, type RandomHex } from './spans.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** Kind of a span that is work inside one process, and outcomes of spans, as OpenTelemetry numbers them. */
const KIND_INTERNAL = 1;
const STATUS = { ok: 1, error: 2 } as const;

/**
 * Spans as an OpenTelemetry export request, in protobuf: the form in which tables of Unity Catalog take them.
 *
 * @param traceHex - 32 hex characters
 * @param traceId - as MLflow names the trace
 * @see spec/mlflow-rest.md §10.4
 */
export function encodeOtlpRequest(
  root: Span,
  { traceHex, traceId }: { readonly traceHex: string; readonly traceId: string },
  randomHex: RandomHex,
): { readonly rootSpanId: string; readonly bytes: Bytes } {
  const spans: Bytes[] = [];
  const add = (span: Span, parentHex: string): string => {
    const spanHex = randomHex(8);
    spans.push(
      join([
        bytesField(1, hexBytes(traceHex)),
        bytesField(2, hexBytes(spanHex)),
        ...(parentHex === '' ? [] : [bytesField(4, hexBytes(parentHex))]),
        textField(5, span.name),
        numberField(6, KIND_INTERNAL),
        timeField(7, span.startedMs),
        timeField(8, span.endedMs),
        ...Object.entries(spanAttributes(span, traceId)).map(([key, value]) =>
          bytesField(9, join([textField(1, key), bytesField(2, textField(1, value))])),
        ),
        bytesField(
          15,
          join([
            ...(span.error === undefined ? [] : [textField(2, span.error)]),
            numberField(3, span.error === undefined ? STATUS.ok : STATUS.error),
          ]),
        ),
      ]),
    );
    for (const child of span.children ?? []) add(child, spanHex);
    return spanHex;
  };
  const rootSpanId = add(root, '');
  const scopeSpans = join(spans.map((span) => bytesField(2, span)));
  return { rootSpanId, bytes: bytesField(1, bytesField(2, scopeSpans)) };
}

/** Wire types of protobuf. */
const VARINT = 0;
const FIXED64 = 1;
const LENGTH = 2;

const tag = (field: number, type: number): Bytes => varint((field << 3) | type);

const numberField = (field: number, value: number): Bytes => join([tag(field, VARINT), varint(value)]);

const textField = (field: number, text: string): Bytes => bytesField(field, new TextEncoder().encode(text));

const bytesField = (field: number, bytes: Uint8Array): Bytes =>
  join([tag(field, LENGTH), varint(bytes.length), bytes]);

function timeField(field: number, ms: number): Bytes {
  const nanoseconds = new Uint8Array(8);
  new DataView(nanoseconds.buffer).setBigUint64(0, BigInt(Math.round(ms * 1000)) * 1000n, true);
  return join([tag(field, FIXED64), nanoseconds]);
}

/** @param value - below 2^31 */
function varint(value: number): Bytes {
  const bytes: number[] = [];
  let left = value;
  while (left > 0x7f) {
    bytes.push((left & 0x7f) | 0x80);
    left >>>= 7;
  }
  return Uint8Array.from([...bytes, left]);
}

const hexBytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));

function join(parts: readonly Uint8Array[]): Bytes {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
