import { hashOf } from '../core/index.ts';
import type { SplitBenchmark } from '../benchmarks/index.ts';
import { loadJudgePrompts, registerJudgePrompts } from '../judges/index.ts';
import type { CallOptions, DatasetRecord, MlflowPort } from '../ports/index.ts';
import { writeText } from './artifacts.ts';
import { nameOfDomain, runStamp } from './config-hash.ts';
import { orFailed } from './or-failed.ts';

/** Who and where, for everything that a run registers. */
export interface RegistrationFacts {
  readonly experimentId: string;
  readonly sessionId: string;
  readonly domain: string;
  /** `catalog.schema`; without it a workspace offers no place for prompts and datasets. */
  readonly ucSchema: string | null;
  readonly now: Date;
}

/** Schema in front of the names of prompts and datasets; `null` where the service has no place for them. */
const schemaFor = (
  mlflow: Pick<MlflowPort, 'flavor'>,
  { ucSchema, domain }: RegistrationFacts,
): string | null => ucSchema ?? (mlflow.flavor === 'open-source' ? nameOfDomain(domain) : null);

/**
 * Registers the judges' prompts that the registry does not have yet, and notes it in a run.
 *
 * @returns version per prompt, `inline` where the built-in text is used
 * @see spec/session-state.md §7
 */
export async function registerPrompts(
  mlflow: MlflowPort,
  facts: RegistrationFacts,
  options: CallOptions = {},
): Promise<Readonly<Record<string, string>>> {
  const registry = { registry: mlflow.prompts, schema: schemaFor(mlflow, facts) ?? '', ...options };
  const made = await registerJudgePrompts(registry);
  // Where the user interface of a workspace looks for the prompts of an experiment.
  if (facts.ucSchema !== null && mlflow.flavor === 'databricks')
    await mlflow.experiments.setTag(
      facts.experimentId,
      'mlflow.promptRegistryLocation',
      facts.ucSchema,
      options,
    );
  if (made.length > 0) {
    const run = await mlflow.runs.start(
      {
        experimentId: facts.experimentId,
        name: `register_prompts_${runStamp(facts.now)}`,
        tags: { 'genie_opt.session_id': facts.sessionId, 'genie_opt.kind': 'prompt_registration' },
      },
      options,
    );
    await orFailed(run, mlflow, async () => {
      for (const { key, template } of made)
        await writeText(mlflow, run, `judge_prompts/${key}/template.txt`, template, options);
      await mlflow.runs.log(
        run.runId,
        {
          params: {
            num_prompts: String(made.length),
            prompt_keys: made.map(({ key }) => key).join(','),
            domain: facts.domain,
            registration_date: facts.now.toISOString(),
          },
        },
        options,
      );
      await mlflow.runs.end(run.runId, 'FINISHED', options);
    });
  }
  return (await loadJudgePrompts(registry)).versions;
}

/** An evaluation dataset, as runs and metrics refer to it. */
export interface RegisteredDataset {
  readonly name: string;
  /** At most 36 characters, the same for the same questions and answer keys. */
  readonly digest: string;
  /** Id in the service; `null` where there is no place for it, and only the name is known. */
  readonly id: string | null;
}

/** Name and digest of a suite, as `mlflow` would call it. */
export const datasetOf = (
  mlflow: Pick<MlflowPort, 'flavor'>,
  facts: RegistrationFacts,
  questions: readonly SplitBenchmark[],
): RegisteredDataset => {
  const table = `genie_benchmarks_${nameOfDomain(facts.domain).replaceAll('-', '_')}`;
  const schema = schemaFor(mlflow, facts);
  return {
    name: facts.ucSchema === null || schema === null ? table : `${schema}.${table}`,
    digest: hashOf(
      questions.map(({ id, question, expected_sql, expected_asset }) => [
        id,
        question,
        expected_sql,
        expected_asset,
      ]),
    ).slice(0, 32),
    id: null,
  };
};

/** Tag of the experiment that holds the id of its dataset: names are not unique on every server. */
const datasetTag = (name: string): string => `genie_opt.dataset.${name}`;

/**
 * Writes the questions with their answer keys into an evaluation dataset, making it when it is new.
 *
 * Equal questions are the same record, so a second run changes only what was corrected.
 */
export async function registerDataset(
  mlflow: MlflowPort,
  facts: RegistrationFacts & { readonly experimentName: string },
  questions: readonly SplitBenchmark[],
  options?: CallOptions,
): Promise<RegisteredDataset> {
  const dataset = datasetOf(mlflow, facts, questions);
  if (schemaFor(mlflow, facts) === null) return dataset;
  const tag = datasetTag(dataset.name);
  const experiment = await mlflow.experiments.findByName(facts.experimentName, options);
  const known = experiment?.tags[tag];
  const id =
    known ??
    (await mlflow.datasets.create(
      {
        name: dataset.name,
        experimentIds: [facts.experimentId],
        tags: { domain: facts.domain },
      },
      options,
    ));
  if (known === undefined) await mlflow.experiments.setTag(facts.experimentId, tag, id, options);
  await mlflow.datasets.upsertRecords(id, questions.map(recordOf), options);
  return { ...dataset, id };
}

const recordOf = (question: SplitBenchmark): DatasetRecord => ({
  inputs: { question_id: question.id, question: question.question },
  expectations: {
    expected_sql: question.expected_sql,
    expected_asset: question.expected_asset,
    ...(question.guidelines === '' ? {} : { guidelines: question.guidelines }),
  },
  tags: { split: question.split, priority: question.priority, category: question.category },
});
