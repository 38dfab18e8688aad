import { newId } from '../new-id.ts';
import { invalidParameter, notFound } from '../server/api-error.ts';
import { optionalText, requiredText } from '../server/read-fields.ts';
import type { ApiRequest, Route } from '../server/router.ts';
import type { MlflowStore } from './mlflow-store.ts';
import { checkExpectation, checkFeedback, checkName, readAssessment } from './read-assessment.ts';
import type { AssessmentEntry, TraceEntry } from './trace-store.ts';

const BASE = '/api/3.0/mlflow/traces/:trace_id/assessments';
const ONE = `${BASE}/:assessment_id`;

/** What an update may change, and how each of them is checked. */
const CHANGEABLE: Readonly<Record<string, (value: unknown) => void>> = {
  assessment_name: (value) => void checkName(String(value)),
  feedback: checkFeedback,
  expectation: checkExpectation,
  rationale: () => undefined,
  metadata: () => undefined,
  valid: () => undefined,
};

/** Verdicts and expected answers of traces. @see spec/mlflow-rest.md §11 */
export function assessmentRoutes(store: MlflowStore): Route[] {
  const traceOf = ({ params }: ApiRequest) => store.trace(params['trace_id'] ?? '');
  const find = (trace: TraceEntry, { params }: ApiRequest): AssessmentEntry => {
    const id = params['assessment_id'] ?? '';
    const found = trace.assessments.find((each) => each.assessment_id === id);
    if (found === undefined)
      throw notFound(`Assessment with ID '${id}' not found for trace '${trace.traceId}'.`);
    return found;
  };
  const now = () => new Date(store.now()).toISOString();
  return [
    {
      method: 'POST',
      path: BASE,
      handle: (request) => {
        const trace = traceOf(request);
        const assessment = addAssessment(trace, request.body['assessment'], now());
        return { assessment };
      },
    },
    {
      method: 'GET',
      path: ONE,
      handle: (request) => ({ assessment: find(traceOf(request), request) }),
    },
    {
      method: 'PATCH',
      path: ONE,
      handle: (request) => {
        const assessment = find(traceOf(request), request);
        const given = request.body['assessment'];
        const fields = requiredText(request.body, 'update_mask').split(',');
        if (typeof given !== 'object' || given === null)
          throw invalidParameter('Missing required field: assessment');
        const changes = fields.map((field): [string, unknown] => {
          const check = CHANGEABLE[field];
          if (check === undefined) throw invalidParameter(`Field '${field}' cannot be updated.`);
          const value = (given as Record<string, unknown>)[field];
          check(value);
          return [field, value];
        });
        Object.assign(assessment, Object.fromEntries(changes), { last_update_time: now() });
        return { assessment };
      },
    },
    {
      method: 'DELETE',
      path: ONE,
      handle: (request) => {
        const trace = traceOf(request);
        trace.assessments.splice(trace.assessments.indexOf(find(trace, request)), 1);
        return {};
      },
    },
  ];
}

/** Adds what a client says to a trace; one that it overrides is valid no longer. @throws {ApiError} */
export function addAssessment(trace: TraceEntry, body: unknown, now: string): AssessmentEntry {
  const given = readAssessment(body);
  const overrides = optionalText(given, 'overrides');
  const old = trace.assessments.find((each) => each.assessment_id === overrides);
  if (overrides !== undefined && old === undefined)
    throw notFound(`Assessment with ID '${overrides}' not found for trace '${trace.traceId}'.`);
  const assessment: AssessmentEntry = {
    ...given,
    assessment_id: `a-${newId()}`,
    trace_id: trace.traceId,
    create_time: optionalText(given, 'create_time') ?? now,
    last_update_time: optionalText(given, 'last_update_time') ?? now,
    valid: true,
  };
  if (old !== undefined) old['valid'] = false;
  trace.assessments.push(assessment);
  return assessment;
}
