/** A trace without its spans, which are a file. */
export interface TraceEntry {
  readonly traceId: string;
  readonly experimentId: string;
  /** Tables that keep it, as they go over the wire; absent: the experiment does. */
  readonly tables?: {
    readonly catalog_name: string;
    readonly schema_name: string;
    readonly table_prefix: string;
  };
  readonly artifactUri: string;
  readonly clientRequestId: string | null;
  readonly requestPreview: string | null;
  readonly responsePreview: string | null;
  /** RFC 3339. */
  readonly requestTime: string;
  /** `1.500s`. */
  readonly executionDuration: string | null;
  readonly state: string;
  readonly metadata: Map<string, string>;
  readonly tags: Map<string, string>;
  readonly assessments: AssessmentEntry[];
  /** Runs that were linked to it, beside the one it was made in. */
  readonly runIds: string[];
}

/** An assessment as it goes over the wire. */
export type AssessmentEntry = Record<string, unknown> & {
  readonly assessment_id: string;
  assessment_name: string;
};

/** Seconds of a duration in protobuf form, as milliseconds. */
export const durationMs = (duration: string | null): number | null => {
  const match = /^(\d+(?:\.\d+)?)s$/.exec(duration ?? '');
  return match === null ? null : Math.round(Number(match[1]) * 1000);
};
