import type { Assessment, LoggedAssessment } from '../../ports/index.ts';
import type { AssessmentWire } from './wire.ts';

/** Ties an assessment to the run whose evaluation gave it. @see spec/mlflow-rest.md §11 */
const SOURCE_RUN = 'mlflow.assessment.sourceRunId';

/** An assessment as a request carries it. */
export function toWireAssessment(traceId: string, assessment: Assessment, now: Date): object {
  const metadata = {
    ...assessment.metadata,
    ...(assessment.runId === undefined ? {} : { [SOURCE_RUN]: assessment.runId }),
  };
  return {
    assessment_name: assessment.name,
    trace_id: traceId,
    source: { source_type: assessment.source.type, source_id: assessment.source.id },
    create_time: now.toISOString(),
    last_update_time: now.toISOString(),
    ...wireValue(assessment.value),
    ...(assessment.rationale === undefined ? {} : { rationale: assessment.rationale }),
    ...(assessment.spanId === undefined ? {} : { span_id: assessment.spanId }),
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
  };
}

function wireValue(value: Assessment['value']): object {
  switch (value.kind) {
    case 'feedback':
      return { feedback: { value: value.value } };
    case 'failed':
      return { feedback: { error: { error_code: value.errorCode, error_message: value.errorMessage } } };
    case 'expectation': {
      const isPlain = ['string', 'number', 'boolean'].includes(typeof value.value);
      const serialized = {
        serialized_value: { serialization_format: 'JSON_FORMAT', value: JSON.stringify(value.value) },
      };
      return { expectation: isPlain ? { value: value.value } : serialized };
    }
  }
}

/** An assessment as an answer carries it, for readers. */
export function toLoggedAssessment(wire: AssessmentWire): LoggedAssessment {
  const metadata = wire.metadata ?? {};
  return {
    assessmentId: wire.assessment_id ?? '',
    name: wire.assessment_name ?? '',
    source: { type: wire.source?.source_type ?? '', id: wire.source?.source_id ?? '' },
    value: valueOf(wire),
    rationale: wire.rationale ?? null,
    spanId: wire.span_id ?? null,
    runId: metadata[SOURCE_RUN] ?? null,
    metadata,
  };
}

function valueOf({ feedback, expectation }: AssessmentWire): LoggedAssessment['value'] {
  const error = feedback?.error;
  if (error !== undefined && error !== null)
    return {
      kind: 'failed',
      errorCode: error.error_code ?? '',
      errorMessage: error.error_message ?? '',
    };
  if (feedback?.value !== undefined && feedback.value !== null)
    return { kind: 'feedback', value: feedback.value };
  const serialized = expectation?.serialized_value?.value;
  if (serialized !== undefined && serialized !== null)
    return { kind: 'expectation', value: parsedOr(serialized) };
  return expectation === undefined || expectation === null
    ? null
    : { kind: 'expectation', value: expectation.value };
}

/** A value in another format than JSON stays its text. */
function parsedOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
