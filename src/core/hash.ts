import { hash } from 'node:crypto';
import { canonicalJson } from './canonical-json.ts';

/** SHA-256 of a text, 64 lower-case hex characters. */
export const sha256 = (text: string): string => hash('sha256', text);

/** MD5 of a text, 32 lower-case hex characters. For fingerprints shared with MLflow artifacts, never for security. */
export const md5 = (text: string): string => hash('md5', text);

/** SHA-256 of the canonical JSON of a value: equal for values that differ in key order only. */
export const hashOf = (value: unknown): string => sha256(canonicalJson(value));
