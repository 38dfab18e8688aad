/** A rule with its number; `untested` says why no test can hold it. */
export interface Rule {
  readonly number: number;
  readonly rule: string;
  readonly untested?: string;
}

const rules = (
  ...texts: readonly (string | { readonly rule: string; readonly untested: string })[]
): Rule[] =>
  texts.map((text, at) => ({ number: at + 1, ...(typeof text === 'string' ? { rule: text } : text) }));

/**
 * What a run must hold to, by number. A test carries the numbers of what it holds in front of its name:
 * `HC14, mistake 10: …`, `checklist 7: …`, `F3: …`.
 *
 * @see spec/pipeline.md §10, §11, §12, §14
 */
export const REGISTER = {
  HC: rules(
    'every evaluation is logged to an experiment',
    'the experiment exists before anything is asked, and its address is told',
    'tracking is remote; nothing falls back to a local store',
    'experiment and run are told before there are metrics',
    'metrics, artifacts and parameters are written inside a run only',
    'a version is recorded before each evaluation and handed to it',
    'the experiment stands below a home folder, whose parent is made first',
    'SQL is sanitised before it runs',
    'dataset, prompts and traces belong to the evaluator',
    'variables are resolved before SQL runs',
    'judge prompts are registered, and named after the schema',
    'every call of a worker follows its contract and is noted',
    'live space and repository hold every change',
    'levers are tried in order, 6 last, unless they do not overlap',
    'decisions are made from rows of single questions',
    'the arbiter is triaged after every evaluation',
    'versions are made inside a run, with all artifacts, difference and metrics',
    'changes go through the patch language, and what was applied is kept',
    'repeatability is compared from the second evaluation on',
    'there is always a report',
    'reasons are stored in a table and read from there first',
    'where traces are stored is settled before the evaluation',
    'a run that changes things needs all eight judges with reasons',
  ),
  mistake: rules(
    'evaluating outside MLflow',
    'writing metrics by hand',
    'no host, token or tracking target',
    {
      rule: 'loading everything up front',
      untested: 'a rule for people who read pages; what is loaded lazily is held by test/package',
    },
    'the pipeline registers prompts or syncs datasets',
    'an experiment path without a folder',
    'the wrong profile',
    "doing a worker's job inline",
    'updating through the API only',
    'lever 6 before levers 1 to 5',
    'deciding from aggregates',
    'ignoring the arbiter',
    'reading a space without its content',
    'no recorded version',
    'applying batches by hand',
    'improving without all judges',
    'asking everything again in every iteration',
    'sending all trouble with repeatability to functions',
    'trying levers together that overlap',
    'not comparing with the evaluation before',
    'separating two assets on one side only',
    'going on after a separation on both sides did not help',
    'describing columns again for periods that descriptions do not reach',
  ),
  checklist: rules(
    'the space exists and can be read',
    'the experiment is made, and its address shown',
    'tracking is remote',
    'judge prompts are registered',
    'somebody is asked before questions are generated',
    'answer keys are executed',
    'answer keys are checked for fixed dates',
    'the dataset is synced',
    'a version is recorded before the evaluation, with patches, parent and prompt versions',
    'the evaluation writes its metrics, nobody else',
    'evaluation runs are named by their pattern',
    'evaluation runs have their parameters',
    'evaluation runs have metrics per judge and say whether targets are met',
    'one span per scorer',
    'the arbiter is asked about disagreements only',
    'the slice gate comes after the change',
    'the P0 gate comes after the slice gate',
    'a failed P0 gate takes the change back',
    'the session has the history of scores and patches',
    'both sides hold every change',
    'every accepted change was evaluated in full',
    'deployment and job succeed',
    'the deployed space answers as the accepted one',
    'the experiment holds judges, runs, prompts, traces and dataset',
  ),
  F: rules(
    'the best accepted state is promoted',
    'a P0 evaluation that fails is taken back',
    'a full evaluation that fails is taken back, and the next lever goes on',
    'a small fall of a judge is no regression',
    'a larger fall is one',
    'lever 6 is tried although the budget is used',
    'a sweep that ends below target is stalled',
    'a run resumed after lever 2 goes on with lever 3',
    'the impact of a lever is a difference of accuracies',
    'a baseline that meets all targets changes nothing',
    'levers that share a question are not combined',
    'three doubted keys at the baseline are corrected once, and the past is scored again',
    'without P0 questions the gate is inconclusive',
    'a file that cannot be written stops the evaluation',
    'a version that cannot be recorded stops the run, if it was asked for',
    'held-out questions do not choose the best state',
  ),
} as const satisfies Readonly<Record<string, readonly Rule[]>>;
export type RuleKind = keyof typeof REGISTER;
