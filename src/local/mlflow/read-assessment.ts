import { isRecord } from '../../core/index.ts';
import { invalidParameter } from '../server/api-error.ts';
import { optionalText, requiredText } from '../server/read-fields.ts';
import { readTextMap } from './read-entries.ts';

type Fields = Readonly<Record<string, unknown>>;

const SOURCE_TYPES = new Set(['HUMAN', 'LLM_JUDGE', 'AI_JUDGE', 'CODE']);

const fieldsOf = (value: unknown, field: string): Fields => {
  if (isRecord(value)) return value;
  throw invalidParameter(`Missing or invalid required field: ${field}`);
};

/** What a client says of a trace, checked. @throws {ApiError} @see spec/mlflow-rest.md §11 */
export function readAssessment(body: unknown): Record<string, unknown> & { assessment_name: string } {
  const fields = fieldsOf(body, 'assessment');
  const name = checkName(requiredText(fields, 'assessment_name'));
  const source = fieldsOf(fields['source'], 'assessment.source');
  const type = requiredText(source, 'source_type');
  if (!SOURCE_TYPES.has(type)) throw invalidParameter(`Invalid assessment source type '${type}'.`);
  requiredText(source, 'source_id');
  const { feedback, expectation } = fields;
  if ((feedback === undefined) === (expectation === undefined))
    throw invalidParameter('Exactly one of `expectation` or `feedback` should be specified.');
  if (feedback !== undefined) checkFeedback(feedback);
  if (expectation !== undefined) checkExpectation(expectation);
  readTextMap(fields['metadata'], 'metadata');
  optionalText(fields, 'rationale');
  return { ...fields, assessment_name: name };
}

export function checkName(name: string): string {
  if (name.includes('.'))
    throw invalidParameter(`Assessment name '${name}' must not contain a period ('.').`);
  return name;
}

/** A number, a truth value, a text or a list of texts; no value only beside an error. @throws {ApiError} */
export function checkFeedback(feedback: unknown): void {
  const { value, error } = fieldsOf(feedback, 'feedback');
  if (error !== undefined && error !== null) requiredText(fieldsOf(error, 'feedback.error'), 'error_code');
  if (value === undefined || value === null) {
    if (error === undefined || error === null)
      throw invalidParameter('Either `value` or `error` must be provided in feedback.');
    return;
  }
  const isList = Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string');
  if (!isList && !['string', 'number', 'boolean'].includes(typeof value))
    throw invalidParameter('Feedback value must be a number, a boolean, a string or a list of strings.');
}

/** @throws {ApiError} */
export function checkExpectation(expectation: unknown): void {
  const { value, serialized_value: serialized } = fieldsOf(expectation, 'expectation');
  if ((value === undefined) === (serialized === undefined))
    throw invalidParameter('Exactly one of `value` or `serialized_value` must be provided in expectation.');
  if (serialized !== undefined) {
    const fields = fieldsOf(serialized, 'expectation.serialized_value');
    requiredText(fields, 'serialization_format');
    requiredText(fields, 'value');
  } else if (isRecord(value))
    throw invalidParameter('An expectation that is an object must be given as `serialized_value`.');
}
