export { ArtifactsUnreachableError } from './artifacts.ts';
export { BATCH_LIMITS, type BatchRequest, safeKey, splitBatch } from './limits.ts';
export { connectMlflow, MlflowClient, type MlflowOptions } from './mlflow-client.ts';
export { encodeOtlpRequest } from './otlp-spans.ts';
export { type EncodedSpans, encodeSpans, type RandomHex } from './spans.ts';
